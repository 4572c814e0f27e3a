#include "conflict-service/contests/policy_service.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/contests/contest_proto.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPolicyPattern = "adjudicationPolicies/{adjudication_policy}";

}  // namespace

void PolicyService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.AdjudicationPolicyService", this)
      .Unary("GetAdjudicationPolicy", &PolicyService::Get)
      .Unary("ListAdjudicationPolicies", &PolicyService::List)
      .Unary("CreateAdjudicationPolicy", &PolicyService::Create)
      .Unary("ActivateAdjudicationPolicy", &PolicyService::Activate)
      .Unary("RetireAdjudicationPolicy", &PolicyService::Retire);
}

absl::Status PolicyService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetAdjudicationPolicyRequest& request,
                                v1::AdjudicationPolicy* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPolicyPattern).status());
  ASSIGN_OR_RETURN(const Policy policy, policies_.Get(unit.sql(), request.name()));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status PolicyService::List(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::ListAdjudicationPoliciesRequest& request,
                                 v1::ListAdjudicationPoliciesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  ASSIGN_OR_RETURN(std::vector<Policy> policies, policies_.List(unit.sql(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&policies, [](const Policy& last) { return std::vector{last.name}; }));
  for (const Policy& policy : policies) *reply->add_adjudication_policies() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status PolicyService::Create(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::CreateAdjudicationPolicyRequest& request, v1::AdjudicationPolicy* reply) {
  Policy policy;
  ASSIGN_OR_RETURN(policy.terms, FromProto(request.adjudication_policy()));
  policy.uid = Uuid::New(call.now);
  policy.create_time = policy.update_time = call.now;
  policy.name =
      StrCat("adjudicationPolicies/",
             request.adjudication_policy_id().empty() ? policy.uid.ToString() : request.adjudication_policy_id());
  RETURN_IF_ERROR(policies_.Create(unit.sql(), policy));
  *reply = ToProto(policy);
  unit.Emit(Told("created", *reply));
  return absl::OkStatus();
}

absl::Status PolicyService::Activate(const rpc::Call& call, rpc::Unit& unit,
                                     const v1::ActivateAdjudicationPolicyRequest& request,
                                     v1::AdjudicationPolicy* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPolicyPattern).status());
  RETURN_IF_ERROR(registrar_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(Policy policy, policies_.Get(unit.sql(), request.name()));
  RETURN_IF_ERROR(CheckEtag(policy.name, request.etag(), policy.version));
  ASSIGN_OR_RETURN(policy, conflict::Activate(std::move(policy), call.now));
  ASSIGN_OR_RETURN(const std::optional<Policy> before, policies_.Active(unit.sql()));
  if (before) {
    ASSIGN_OR_RETURN(const Policy retired, conflict::Retire(*before, call.now));
    RETURN_IF_ERROR(Save(unit, "retired", retired, reply));
  }
  return Save(unit, "activated", policy, reply);
}

absl::Status PolicyService::Retire(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::RetireAdjudicationPolicyRequest& request, v1::AdjudicationPolicy* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPolicyPattern).status());
  RETURN_IF_ERROR(registrar_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(Policy policy, policies_.Get(unit.sql(), request.name()));
  RETURN_IF_ERROR(CheckEtag(policy.name, request.etag(), policy.version));
  ASSIGN_OR_RETURN(policy, conflict::Retire(std::move(policy), call.now));
  return Save(unit, "retired", policy, reply);
}

absl::Status PolicyService::Save(rpc::Unit& unit, std::string_view verb, const Policy& policy,
                                 v1::AdjudicationPolicy* reply) const {
  RETURN_IF_ERROR(policies_.Update(unit.sql(), policy));
  *reply = ToProto(policy);
  unit.Emit(Told(verb, *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
