#include "partner-service/leads/routing_proto.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

void PutContent(const RoutingPolicy& policy, v1::RoutingPolicy* out) {
  out->set_display_name(policy.display_name);
  out->set_territory_weight(policy.terms.territory_weight);
  out->set_proximity_weight(policy.terms.proximity_weight);
  out->set_product_line_weight(policy.terms.product_line_weight);
  out->set_segment_weight(policy.terms.segment_weight);
  out->set_tolerance(policy.terms.tolerance);
  out->set_grant_required(policy.terms.grant_required);
  out->set_capacity(policy.capacity);
  out->set_offer_hours(policy.offer_hours);
  for (const PartnerTerms& terms : policy.partner_terms) {
    auto* own = out->add_partner_terms();
    own->set_partner(StrCat("partners/", terms.partner_id));
    own->set_share(terms.share);
    own->set_capacity(terms.capacity);
  }
}

}  // namespace

v1::RoutingPolicy ToProto(const RoutingPolicy& policy) {
  v1::RoutingPolicy out;
  out.set_name(policy.name());
  PutRevision(policy.revision, &out);
  PutContent(policy, &out);
  return out;
}

absl::StatusOr<RoutingPolicy> FromProto(const v1::RoutingPolicy& policy) {
  RoutingPolicy out{.display_name = policy.display_name(),
                    .terms = {.territory_weight = policy.territory_weight(),
                              .proximity_weight = policy.proximity_weight(),
                              .product_line_weight = policy.product_line_weight(),
                              .segment_weight = policy.segment_weight(),
                              .tolerance = policy.tolerance(),
                              .grant_required = policy.grant_required()},
                    .capacity = policy.capacity(),
                    .offer_hours = policy.offer_hours()};
  for (int i = 0; i < policy.partner_terms_size(); ++i) {
    const auto& own = policy.partner_terms(i);
    ASSIGN_OR_RETURN(std::vector<std::string> ids,
                     ParseResourceName(own.partner(), "partners/{partner}", StrCat("partner_terms[", i, "].partner")));
    out.partner_terms.push_back({std::move(ids.front()), own.share(), own.capacity()});
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const RoutingPolicy& policy) {
  return events::Draft(policy.name(), verb, policy.name(), ToProto(policy));
}

std::string PolicyToBytes(const RoutingPolicy& policy) {
  v1::RoutingPolicy content;
  PutContent(policy, &content);
  return content.SerializeAsString();
}

absl::StatusOr<RoutingPolicy> PolicyFromBytes(std::string_view bytes) {
  v1::RoutingPolicy content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "a stored routing policy cannot be read");
  }
  return FromProto(content);
}

std::string InputsToBytes(const RoutingInputs& inputs) {
  v1::RoutingInputs out;
  auto* terms = out.mutable_terms();
  terms->set_territory_weight(inputs.terms.territory_weight);
  terms->set_proximity_weight(inputs.terms.proximity_weight);
  terms->set_product_line_weight(inputs.terms.product_line_weight);
  terms->set_segment_weight(inputs.terms.segment_weight);
  terms->set_tolerance(inputs.terms.tolerance);
  terms->set_grant_required(inputs.terms.grant_required);
  auto* columns = out.mutable_columns();
  columns->mutable_partner_ids()->Reserve(static_cast<int>(inputs.candidates.size()));
  for (const uint32_t place : PlacesById(inputs.candidates)) {
    const RoutingCandidate& candidate = inputs.candidates[place];
    columns->add_partner_ids(candidate.partner_id);
    columns->add_active(candidate.active);
    columns->add_past(static_cast<int>(candidate.past));
    columns->add_territory_points(candidate.territory_points);
    columns->add_proximity_points(candidate.proximity_points);
    columns->add_product_line_points(candidate.product_line_points);
    columns->add_segment_points(candidate.segment_points);
    columns->add_shares(candidate.share);
    columns->add_turns_due(candidate.turns_due);
    columns->add_open_offers(candidate.open_offers);
    columns->add_capacities(candidate.capacity);
  }
  return out.SerializeAsString();
}

absl::StatusOr<RoutingInputs> InputsFromBytes(std::string_view bytes) {
  v1::RoutingInputs stored;
  const bool read = stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  const auto& columns = stored.columns();
  const int count = columns.partner_ids_size();
  for (const int size :
       {columns.active_size(), columns.past_size(), columns.territory_points_size(), columns.proximity_points_size(),
        columns.product_line_points_size(), columns.segment_points_size(), columns.shares_size(),
        columns.turns_due_size(), columns.open_offers_size(), columns.capacities_size()}) {
    if (!read || size != count) return Error(Reason::kInternal, "the stored inputs of a decision cannot be read");
  }
  RoutingInputs inputs{.terms = {.territory_weight = stored.terms().territory_weight(),
                                 .proximity_weight = stored.terms().proximity_weight(),
                                 .product_line_weight = stored.terms().product_line_weight(),
                                 .segment_weight = stored.terms().segment_weight(),
                                 .tolerance = stored.terms().tolerance(),
                                 .grant_required = stored.terms().grant_required()}};
  inputs.candidates.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    inputs.candidates.push_back({.partner_id = columns.partner_ids(i),
                                 .active = columns.active(i),
                                 .past = static_cast<PastOffer>(columns.past(i)),
                                 .territory_points = columns.territory_points(i),
                                 .proximity_points = columns.proximity_points(i),
                                 .product_line_points = columns.product_line_points(i),
                                 .segment_points = columns.segment_points(i),
                                 .share = columns.shares(i),
                                 .turns_due = columns.turns_due(i),
                                 .open_offers = columns.open_offers(i),
                                 .capacity = columns.capacities(i)});
  }
  return inputs;
}

void PutRanking(const RoutingInputs& inputs, const std::vector<RankedCandidate>& ranking, size_t limit,
                v1::RoutingDecision* out) {
  const size_t rows = std::min(limit, ranking.size());
  for (size_t i = 0; i < rows; ++i) {
    const RankedCandidate& ranked = ranking[i];
    const RoutingCandidate& candidate = inputs.candidates[ranked.candidate];
    v1::RoutingRow* row = out->add_ranking();
    row->set_partner(StrCat("partners/", candidate.partner_id));
    row->set_rank(static_cast<int>(i) + 1);
    row->set_outcome(static_cast<v1::RoutingRow::Outcome>(ranked.outcome));
    row->set_score(ranked.score);
    row->set_score_high(ranked.score_high);
    for (const RoutingTerm& term : ScoreTerms(inputs.terms, candidate)) AddTerm(term, row->add_terms());
    row->set_share(candidate.share);
    row->set_turns_due(candidate.turns_due);
    row->set_open_offers(candidate.open_offers);
    row->set_capacity(candidate.capacity);
  }
}

std::string RankingToBytes(const RoutingInputs& inputs, const Routed& routed) {
  const std::vector<uint32_t> by_id = PlacesById(inputs.candidates);
  std::vector<uint32_t> stored_places(by_id.size());
  for (uint32_t i = 0; i < by_id.size(); ++i) stored_places[by_id[i]] = i;
  v1::StoredRanking out;
  for (const RankedCandidate& row : routed.ranking) {
    out.add_places(stored_places[row.candidate]);
    out.add_outcomes(static_cast<v1::RoutingRow::Outcome>(row.outcome));
    out.add_scores(row.score);
    out.add_scores_high(row.score_high);
  }
  return out.SerializeAsString();
}

std::string TurnsToBytes(const TurnsByPartner& turns) {
  v1::StoredTurns out;
  out.mutable_partner_ids()->Reserve(static_cast<int>(turns.size()));
  for (const auto& [partner_id, due] : turns) {
    out.add_partner_ids(partner_id);
    out.add_turns_due(due);
  }
  return out.SerializeAsString();
}

absl::StatusOr<TurnsByPartner> TurnsFromBytes(std::string_view bytes) {
  v1::StoredTurns stored;
  if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      stored.partner_ids_size() != stored.turns_due_size()) {
    return Error(Reason::kInternal, "the stored turns of a policy cannot be read");
  }
  TurnsByPartner turns;
  turns.reserve(static_cast<size_t>(stored.partner_ids_size()));
  for (int i = 0; i < stored.partner_ids_size(); ++i) {
    turns.emplace(std::move(*stored.mutable_partner_ids(i)), stored.turns_due(i));
  }
  return turns;
}

v1::RoutingDecision ToProto(const RoutingDecision& decision) {
  v1::RoutingDecision out;
  out.set_name(decision.name());
  *out.mutable_create_time() = wire::ToProto(decision.create_time);
  out.set_policy(StrCat("routingPolicies/", decision.policy_id));
  if (!decision.partner_id.empty()) out.set_partner(StrCat("partners/", decision.partner_id));
  out.set_candidate_count(decision.candidate_count);
  out.set_inputs_sha256(decision.inputs_sha256);
  return out;
}

absl::Status PutStoredRanking(const RoutingDecision& decision, v1::RoutingDecision* out) {
  ASSIGN_OR_RETURN(const RoutingInputs inputs, InputsFromBytes(decision.inputs));
  v1::StoredRanking stored;
  const bool read = stored.ParseFromString(decision.ranking);
  std::vector<RankedCandidate> ranking;
  ranking.reserve(static_cast<size_t>(stored.places_size()));
  bool whole = read && stored.places_size() == decision.candidate_count &&
               stored.outcomes_size() == stored.places_size() && stored.scores_size() == stored.places_size() &&
               stored.scores_high_size() == stored.places_size();
  for (int i = 0; whole && i < stored.places_size(); ++i) {
    whole = stored.places(i) < inputs.candidates.size();
    ranking.push_back(
        {stored.places(i), static_cast<RoutingOutcome>(stored.outcomes(i)), stored.scores(i), stored.scores_high(i)});
  }
  if (!whole) return Error(Reason::kInternal, "the stored ranking of a decision cannot be read");
  PutRanking(inputs, ranking, ranking.size(), out);
  return absl::OkStatus();
}

}  // namespace tributary::partner
