#include "partner-service/leads/lead_router.h"

#include <vector>

#include "common/status/status.h"
#include "common/time/today.h"
#include "partner-service/leads/lead_fit.h"

namespace tributary::partner {

void RoutingBook::Apply(const RoutingInputs& inputs, const Routed& routed) {
  for (const TurnsOf& one : routed.turns) turns.due[inputs.candidates[one.candidate].partner_id] = one.turns_due;
  if (routed.chosen.has_value()) ++open_offers[inputs.candidates[*routed.chosen].partner_id];
}

absl::StatusOr<RoutingBook> LeadRouter::ReadBook(mysql::Transaction& sql, const RoutingPolicy& policy,
                                                 absl::Time now) const {
  RoutingBook book;
  ASSIGN_OR_RETURN(book.turns, routing_.Turns(sql, policy.id));
  ASSIGN_OR_RETURN(book.open_offers, offers_.OpenByPartner(sql, now));
  return book;
}

absl::StatusOr<RoutingInputs> LeadRouter::ReadInputs(mysql::Transaction& sql, const RoutingPolicy& policy,
                                                     const Lead& lead, absl::Time now, RoutingBook* book) const {
  LeadScope scope{.product_lines = lead.product_lines, .segment = lead.segment};
  ASSIGN_OR_RETURN(const RegionMap regions, regions_.GetWithAncestors(sql, {lead.region}));
  for (auto region = regions.find(lead.region); region != regions.end();
       region = regions.find(region->second.parent_region)) {
    scope.regions.push_back(region->first);
  }
  ASSIGN_OR_RETURN(const std::vector<NearbyPartner> nearby,
                   routing_.Nearby(sql, scope.regions, UtcToday(now), kMostCandidates));
  absl::flat_hash_map<std::string, PastOffer> past;
  if (!lead.id.empty()) {
    ASSIGN_OR_RETURN(past, offers_.PastOf(sql, lead.id));
  }
  RETURN_IF_ERROR(routing_.LookUpTurns(sql, policy.id, nearby, &book->turns));
  RoutingInputs inputs;
  inputs.candidates.reserve(nearby.size());
  for (const NearbyPartner& partner : nearby) {
    RoutingCandidate& candidate = inputs.candidates.emplace_back(FitOf(partner, scope));
    if (const auto found = past.find(partner.id); found != past.end()) candidate.past = found->second;
    if (const auto found = book->turns.due.find(partner.id); found != book->turns.due.end()) {
      candidate.turns_due = found->second;
    }
    if (const auto found = book->open_offers.find(partner.id); found != book->open_offers.end()) {
      candidate.open_offers = found->second;
    }
  }
  SetTerms(policy, &inputs);
  return inputs;
}

}  // namespace tributary::partner
