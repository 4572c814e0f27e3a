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
  std::vector<const RoutingCandidate*> by_id;
  by_id.reserve(inputs.candidates.size());
  for (const RoutingCandidate& candidate : inputs.candidates) by_id.push_back(&candidate);
  std::sort(by_id.begin(), by_id.end(), [](const auto* a, const auto* b) { return a->partner_id < b->partner_id; });
  for (const RoutingCandidate* candidate : by_id) {
    auto* row = out.add_candidates();
    row->set_partner_id(candidate->partner_id);
    row->set_active(candidate->active);
    row->set_past(static_cast<int>(candidate->past));
    row->set_territory_points(candidate->territory_points);
    row->set_proximity_points(candidate->proximity_points);
    row->set_product_line_points(candidate->product_line_points);
    row->set_segment_points(candidate->segment_points);
    row->set_share(candidate->share);
    row->set_turns_due(candidate->turns_due);
    row->set_open_offers(candidate->open_offers);
    row->set_capacity(candidate->capacity);
  }
  return out.SerializeAsString();
}

absl::StatusOr<RoutingInputs> InputsFromBytes(std::string_view bytes) {
  v1::RoutingInputs stored;
  if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "the stored inputs of a decision cannot be read");
  }
  RoutingInputs inputs{.terms = {.territory_weight = stored.terms().territory_weight(),
                                 .proximity_weight = stored.terms().proximity_weight(),
                                 .product_line_weight = stored.terms().product_line_weight(),
                                 .segment_weight = stored.terms().segment_weight(),
                                 .tolerance = stored.terms().tolerance(),
                                 .grant_required = stored.terms().grant_required()}};
  inputs.candidates.reserve(static_cast<size_t>(stored.candidates_size()));
  for (const auto& row : stored.candidates()) {
    inputs.candidates.push_back({.partner_id = row.partner_id(),
                                 .active = row.active(),
                                 .past = static_cast<PastOffer>(row.past()),
                                 .territory_points = row.territory_points(),
                                 .proximity_points = row.proximity_points(),
                                 .product_line_points = row.product_line_points(),
                                 .segment_points = row.segment_points(),
                                 .share = row.share(),
                                 .turns_due = row.turns_due(),
                                 .open_offers = row.open_offers(),
                                 .capacity = row.capacity()});
  }
  return inputs;
}

void PutRanking(const RoutingInputs& inputs, const Routed& routed, size_t limit, v1::RoutingDecision* out) {
  const size_t rows = std::min(limit, routed.ranking.size());
  for (size_t i = 0; i < rows; ++i) {
    const RankedCandidate& ranked = routed.ranking[i];
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
  v1::RoutingDecision out;
  PutRanking(inputs, routed, routed.ranking.size(), &out);
  return out.SerializeAsString();
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
  v1::RoutingDecision stored;
  if (!stored.ParseFromString(decision.ranking)) {
    return Error(Reason::kInternal, "the stored ranking of a decision cannot be read");
  }
  out->mutable_ranking()->Swap(stored.mutable_ranking());
  return absl::OkStatus();
}

}  // namespace tributary::partner
