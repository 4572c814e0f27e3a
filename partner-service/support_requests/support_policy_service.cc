#include "partner-service/support_requests/support_policy_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/support_requests/support_proto.h"

namespace tributary::partner {

void SupportPolicyService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.SupportPolicyService", this)
      .Unary("GetSupportPolicy", &SupportPolicyService::Get)
      .Unary("ListSupportPolicies", &SupportPolicyService::List)
      .Unary("CreateSupportPolicy", &SupportPolicyService::Create);
}

absl::Status SupportPolicyService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSupportPolicyRequest& request,
                                       v1::SupportPolicy* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "supportPolicies/{support_policy}"));
  ASSIGN_OR_RETURN(const SupportPolicy policy, policies_.Get(unit.sql(), ids[0]));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status SupportPolicyService::List(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListSupportPoliciesRequest& request,
                                        v1::ListSupportPoliciesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  ASSIGN_OR_RETURN(std::vector<SupportPolicy> policies, policies_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&policies, [](const SupportPolicy& last) { return std::vector{last.id}; }));
  for (const SupportPolicy& policy : policies) *reply->add_support_policies() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status SupportPolicyService::Create(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::CreateSupportPolicyRequest& request, v1::SupportPolicy* reply) {
  auto content = FromProto(request.support_policy());
  if (!content.ok()) return AtField(content.status(), "support_policy");
  SupportPolicy policy = *std::move(content);
  policy.revision = Revision::First(call.now);
  policy.id = request.support_policy_id().empty() ? policy.revision.uid.ToString() : request.support_policy_id();
  RETURN_IF_ERROR(AtField(CheckTerms(policy), "support_policy"));
  const auto calendar = calendars_.Get(unit.sql(), policy.calendar_id);
  if (absl::IsNotFound(calendar.status())) {
    return UnknownReference("support_policy.fiscal_calendar", request.support_policy().fiscal_calendar(),
                            "a fiscal calendar");
  }
  RETURN_IF_ERROR(calendar.status());
  RETURN_IF_ERROR(policies_.Create(unit.sql(), policy));
  unit.Emit(Told("created", policy));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

}  // namespace tributary::partner
