#include "partner-service/leads/routing_policy_service.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/leads/lead_proto.h"
#include "partner-service/leads/routing_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "routingPolicies/{routing_policy}";

}  // namespace

void RoutingPolicyService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.RoutingPolicyService", this)
      .Unary("GetRoutingPolicy", &RoutingPolicyService::Get)
      .Unary("ListRoutingPolicies", &RoutingPolicyService::List)
      .Unary("CreateRoutingPolicy", &RoutingPolicyService::Create)
      .Unary("SimulateRoutingPolicy", &RoutingPolicyService::Simulate);
}

absl::Status RoutingPolicyService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetRoutingPolicyRequest& request,
                                       v1::RoutingPolicy* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const RoutingPolicy policy, routing_.GetPolicy(unit.sql(), ids[0]));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status RoutingPolicyService::List(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListRoutingPoliciesRequest& request,
                                        v1::ListRoutingPoliciesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  ASSIGN_OR_RETURN(std::vector<RoutingPolicy> policies, routing_.ListPolicies(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&policies, [](const RoutingPolicy& last) { return std::vector{last.id}; }));
  for (const RoutingPolicy& policy : policies) *reply->add_routing_policies() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status RoutingPolicyService::Create(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::CreateRoutingPolicyRequest& request, v1::RoutingPolicy* reply) {
  auto content = FromProto(request.routing_policy());
  if (!content.ok()) return AtField(content.status(), "routing_policy");
  RoutingPolicy policy = *std::move(content);
  policy.revision = Revision::First(call.now);
  policy.id = request.routing_policy_id().empty() ? policy.revision.uid.ToString() : request.routing_policy_id();
  RETURN_IF_ERROR(AtField(CheckTerms(policy), "routing_policy"));
  RETURN_IF_ERROR(routing_.CreatePolicy(unit.sql(), policy));
  unit.Emit(Told("created", policy));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status RoutingPolicyService::Simulate(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::SimulateRoutingPolicyRequest& request,
                                            v1::RoutingSimulation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const RoutingPolicy policy, routing_.GetPolicy(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(RoutingBook book, router_.ReadBook(unit.sql(), policy, call.now));
  std::map<std::string, int> totals;
  int unrouted = 0;
  for (int i = 0; i < request.leads_size(); ++i) {
    const std::string field = StrCat("leads[", i, "]");
    const absl::StatusOr<Lead> lead = FromProto(request.leads(i));
    if (!lead.ok()) return AtField(lead.status(), field);
    RETURN_IF_ERROR(AtField(CheckTexts(*lead), field));
    ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {lead->region}));
    if (!missing.empty()) return UnknownReference(field + ".region", lead->region, "a region that is in use");
    const absl::StatusOr<RoutingInputs> inputs = router_.ReadInputs(unit.sql(), policy, *lead, call.now, &book);
    if (!inputs.ok()) return AtField(inputs.status(), field);
    const Routed routed = Route(*inputs);
    book.Apply(*inputs, routed);

    v1::RoutingDecision* decision = reply->add_decisions();
    *decision->mutable_create_time() = wire::ToProto(call.now);
    decision->set_policy(policy.name());
    decision->set_candidate_count(static_cast<int>(inputs->candidates.size()));
    PutRanking(*inputs, routed.ranking, kRowsOfAnswer, decision);
    if (routed.chosen.has_value()) {
      const std::string& chosen = inputs->candidates[*routed.chosen].partner_id;
      decision->set_partner(StrCat("partners/", chosen));
      ++totals[chosen];
    } else {
      ++unrouted;
    }
  }
  std::vector<std::pair<std::string, int>> most_first(totals.begin(), totals.end());
  std::stable_sort(most_first.begin(), most_first.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [partner, offers] : most_first) {
    auto* total = reply->add_totals();
    total->set_partner(StrCat("partners/", partner));
    total->set_offers(offers);
  }
  reply->set_unrouted(unrouted);
  return absl::OkStatus();
}

}  // namespace tributary::partner
