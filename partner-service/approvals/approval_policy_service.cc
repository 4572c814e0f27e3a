#include "partner-service/approvals/approval_policy_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/approvals/approval_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "approvalPolicies/{approval_policy}";
}  // namespace

void ApprovalPolicyService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ApprovalPolicyService", this)
      .Unary("GetApprovalPolicy", &ApprovalPolicyService::Get)
      .Unary("ListApprovalPolicies", &ApprovalPolicyService::List)
      .Unary("CreateApprovalPolicy", &ApprovalPolicyService::Create)
      .Unary("UpdateApprovalPolicy", &ApprovalPolicyService::Update)
      .Unary("DeleteApprovalPolicy", &ApprovalPolicyService::Delete);
}

absl::Status ApprovalPolicyService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetApprovalPolicyRequest& request,
                                        v1::ApprovalPolicy* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const ApprovalPolicy policy, policies_.Get(unit.sql(), ids[0]));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ApprovalPolicyService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListApprovalPoliciesRequest& request,
                                         v1::ListApprovalPoliciesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  ASSIGN_OR_RETURN(std::vector<ApprovalPolicy> policies, policies_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&policies, [](const ApprovalPolicy& last) { return std::vector{last.id}; }));
  for (const ApprovalPolicy& policy : policies) *reply->add_approval_policies() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ApprovalPolicyService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateApprovalPolicyRequest& request, v1::ApprovalPolicy* reply) {
  auto content = FromProto(request.approval_policy());
  if (!content.ok()) return AtField(content.status(), "approval_policy");
  ApprovalPolicy policy = *std::move(content);
  policy.revision = Revision::First(call.now);
  policy.id = request.approval_policy_id().empty() ? policy.revision.uid.ToString() : request.approval_policy_id();
  RETURN_IF_ERROR(AtField(CheckTerms(policy), "approval_policy"));
  RETURN_IF_ERROR(policies_.Create(unit.sql(), policy));
  unit.Emit(Told("created", policy));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ApprovalPolicyService::Update(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::UpdateApprovalPolicyRequest& request, v1::ApprovalPolicy* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "bands", "due_hours"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.approval_policy().name(), kPattern, "approval_policy.name"));
  ASSIGN_OR_RETURN(const ApprovalPolicy policy, policies_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(policy.name(), request.approval_policy().etag(), policy.revision.version));
  v1::ApprovalPolicy merged = ToProto(policy);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.approval_policy(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "approval_policy");
  const auto changed = Change(policy, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "approval_policy");
  RETURN_IF_ERROR(policies_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

absl::Status ApprovalPolicyService::Delete(const rpc::Call&, rpc::Unit& unit,
                                           const v1::DeleteApprovalPolicyRequest& request, google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const ApprovalPolicy policy, policies_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(policy.name(), request.etag(), policy.revision.version));
  RETURN_IF_ERROR(policies_.Delete(unit.sql(), policy));
  unit.Emit(Told("deleted", policy));
  return absl::OkStatus();
}

}  // namespace tributary::partner
