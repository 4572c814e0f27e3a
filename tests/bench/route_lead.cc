// The decision who is offered a lead, among 10,000 candidates that all may take a turn, at the 99th percentile: 1,000 a
// second is a millisecond. The peer sorts the same candidates by their scores, with the ids among equals, which is the
// least that a ranking takes.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "partner-service/leads/routing.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_store.h"
#include "tests/bench/bench.h"
#include "tests/bench/partner_host.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/routing_policy.pb.h"

namespace tributary::bench {
namespace {

constexpr int kCandidates = 10'000;

partner::RoutingInputs Inputs() {
  partner::RoutingInputs inputs{.terms = {.territory_weight = 40,
                                          .proximity_weight = 30,
                                          .product_line_weight = 20,
                                          .segment_weight = 10,
                                          .tolerance = 1000}};
  for (int i = 0; i < kCandidates; ++i) {
    inputs.candidates.push_back({.partner_id = StrCat("partner-", kCandidates + i),
                                 .active = i % 10 != 9,
                                 .territory_points = i % 3 == 0 ? partner::kHelperPoints : partner::kNonExclusivePoints,
                                 .proximity_points = 5 * (i * 7 % 4) - 5 < 0 ? partner::kNotKnown : 5 * (i * 7 % 4) - 5,
                                 .product_line_points = 5 * (i * 13 % 3),
                                 .segment_points = 5 * (i * 11 % 3),
                                 .share = 1 + i % 5,
                                 .turns_due = (i * 31 % 200 - 100) * (partner::kTurn / 100),
                                 .open_offers = i % 6,
                                 .capacity = 5});
  }
  return inputs;
}

}  // namespace

void RouteLead(const Settings& settings) {
  const partner::RoutingInputs inputs = Inputs();
  const partner::Routed routed = partner::Route(inputs);
  if (!routed.chosen.has_value()) Must(absl::UnknownError("nobody was chosen"), "RouteLead");
  std::vector<std::pair<int, const std::string*>> scores;
  for (int i = 0; i < kCandidates; ++i) scores.emplace_back(0, &inputs.candidates[static_cast<size_t>(i)].partner_id);
  for (const partner::RankedCandidate& row : routed.ranking) scores[row.candidate].first = row.score;
  size_t seen = 0;
  Compare(
      {.name = "route_lead",
       .unit = "decisions/s at p99",
       .peer = "std::sort of the candidates by score and id",
       .goal = 1},
      settings, [&] { return SlowRate(settings.round, [&] { seen += partner::Route(inputs).ranking.size(); }); },
      [&] {
        return SlowRate(settings.round, [&] {
          auto sorted = scores;
          std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : *a.second < *b.second;
          });
          seen += sorted.size();
        });
      });
  if (seen == 0) Must(absl::UnknownError("nothing was done"), "RouteLead");
}

namespace {

namespace pb = partner::v1;
constexpr char kRegion[] = "regions/everywhere";

// Ten thousand partners at home in one region, a policy under which each of them has taken part in a turn, and a lead
// to route.
void MakeMarket(PartnerHost& host) {
  const absl::Time now = absl::FromUnixSeconds(1700000000);
  Must(host.database().Transact({},
                                [&](mysql::Transaction& sql) -> absl::Status {
                                  const partner::Region region{.id = "everywhere",
                                                               .revision = partner::Revision::First(now),
                                                               .code = "everywhere",
                                                               .display_name = "Everywhere"};
                                  RETURN_IF_ERROR(partner::RegionStore().Insert(sql, {&region, 1}, ""));
                                  for (int i = 0; i < kCandidates; ++i) {
                                    const partner::Partner one{.id = StrCat("partner-", kCandidates + i),
                                                               .revision = partner::Revision::First(now),
                                                               .state = partner::PartnerState::kActive,
                                                               .legal_name = "Acme",
                                                               .home_region = kRegion,
                                                               .currency = "CNY"};
                                    RETURN_IF_ERROR(partner::PartnerStore().Create(sql, one).status());
                                  }
                                  return absl::OkStatus();
                                }),
       "ten thousand partners");
  pb::CreateRoutingPolicyRequest policy;
  policy.set_routing_policy_id("main");
  policy.mutable_routing_policy()->set_proximity_weight(100);
  policy.mutable_routing_policy()->set_tolerance(1000);
  policy.mutable_routing_policy()->set_capacity(1000);
  policy.mutable_routing_policy()->set_offer_hours(24);
  Must(host.client()
           .Call<pb::RoutingPolicy>("tributary.partner.v1.RoutingPolicyService/CreateRoutingPolicy", policy)
           .status(),
       "policy");
  for (const char* id : {"first", "lead"}) {
    pb::CreateLeadRequest lead;
    lead.set_lead_id(id);
    lead.mutable_lead()->set_customer_name("Quayside Optics Ltd.");
    lead.mutable_lead()->set_region(kRegion);
    Must(host.client().Call<pb::Lead>("tributary.partner.v1.LeadService/CreateLead", lead).status(), "lead");
  }
  pb::RouteLeadRequest first;
  first.set_name("leads/first");
  first.set_policy("routingPolicies/main");
  Must(host.client().Call<pb::RoutingDecision>("tributary.partner.v1.LeadService/RouteLead", first).status(), "turn");
}

}  // namespace

void RouteLeadCall(const Settings& settings) {
  PartnerHost host;
  MakeMarket(host);
  pb::RouteLeadRequest request;
  request.set_name("leads/lead");
  request.set_policy("routingPolicies/main");
  request.set_validate_only(true);  // all but COMMIT, so that the lead can be routed again
  const auto route = [&] {
    const auto decision =
        host.client().Call<pb::RoutingDecision>("tributary.partner.v1.LeadService/RouteLead", request);
    Must(decision.status(), "RouteLead");
    if (decision->candidate_count() != kCandidates) Must(absl::UnknownError("other candidates"), "RouteLead");
  };
  const auto select = [&] {
    Must(host.database().Transact(
             {.autocommit_reads = true},
             [](mysql::Transaction& sql) {
               return sql.Query("SELECT id, state, home_region FROM partner WHERE home_region = ?", {kRegion}).status();
             }),
         "select");
  };
  Compare(
      {.name = "route_lead_call", .unit = "calls/s at p99", .peer = "the SELECT of the candidates alone", .goal = 0.1},
      settings, [&] { return SlowRate(settings.round, route); }, [&] { return SlowRate(settings.round, select); });
}

}  // namespace tributary::bench
