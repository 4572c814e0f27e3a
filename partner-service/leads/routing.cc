#include "partner-service/leads/routing.h"

#include <algorithm>
#include <numeric>

namespace tributary::partner {
namespace {

constexpr int kMostScore = 1000;
// What rounding of credits may have left over the turns counts for nothing due.
constexpr int64_t kDust = kTurn / 1'000'000;
constexpr int kOutcomes = static_cast<int>(RoutingOutcome::kNotActive);

struct Scored {
  int low = 0;
  int high = 0;
};

Scored ScoreOf(const RoutingTerms& terms, const RoutingCandidate& candidate) {
  Scored score;
  const auto add = [&score](int weight, int points) {
    score.low += points == kNotKnown ? 0 : weight * points;
    score.high += weight * (points == kNotKnown ? kMostPoints : points);
  };
  add(terms.territory_weight, candidate.territory_points);
  add(terms.proximity_weight, candidate.proximity_points);
  add(terms.product_line_weight, candidate.product_line_points);
  add(terms.segment_weight, candidate.segment_points);
  return score;
}

// Why the candidate cannot be asked, whatever the others are; kNotItsTurn where it can.
RoutingOutcome PassedOver(const RoutingTerms& terms, const RoutingCandidate& candidate) {
  if (!candidate.active) return RoutingOutcome::kNotActive;
  if (candidate.past == PastOffer::kDeclined) return RoutingOutcome::kDeclined;
  if (candidate.past == PastOffer::kExpired) return RoutingOutcome::kLetExpire;
  if (terms.grant_required && candidate.territory_points == 0) return RoutingOutcome::kNoGrant;
  return RoutingOutcome::kNotItsTurn;
}

// Gives the turn to one of `pool`, places by id of which there is at least one.
void TakeTurn(const std::vector<RoutingCandidate>& candidates, const std::vector<size_t>& pool, Routed* routed) {
  int64_t shares = 0;
  for (const size_t place : pool) shares += candidates[place].share;
  int64_t left = kTurn;
  routed->turns.reserve(pool.size());
  for (const size_t place : pool) {
    const int64_t credit = kTurn * candidates[place].share / shares;
    left -= credit;
    routed->turns.push_back({place, candidates[place].turns_due + credit});
  }
  for (size_t i = 0; left > 0; ++i, --left) ++routed->turns[i].turns_due;

  const auto sooner = [&](const TurnsOf& a, const TurnsOf& b) {
    return (kTurn - a.turns_due) * candidates[b.candidate].share <
           (kTurn - b.turns_due) * candidates[a.candidate].share;
  };
  TurnsOf* best = nullptr;
  for (TurnsOf& turns : routed->turns) {
    if (turns.turns_due > kDust && (best == nullptr || sooner(turns, *best))) best = &turns;
  }
  // All are ahead of their shares, having taken turns with others before.
  for (TurnsOf& turns : routed->turns) {
    if (best == nullptr || (best->turns_due <= kDust && sooner(turns, *best))) best = &turns;
  }
  best->turns_due -= kTurn;
  routed->chosen = best->candidate;
}

}  // namespace

std::vector<uint32_t> PlacesById(const std::vector<RoutingCandidate>& candidates) {
  std::vector<uint32_t> places(candidates.size());
  std::iota(places.begin(), places.end(), 0u);
  const auto by_id = [&](uint32_t a, uint32_t b) { return candidates[a].partner_id < candidates[b].partner_id; };
  // As the store gives them.
  if (!std::is_sorted(places.begin(), places.end(), by_id)) std::sort(places.begin(), places.end(), by_id);
  return places;
}

Routed Route(const RoutingInputs& inputs) {
  const std::vector<RoutingCandidate>& candidates = inputs.candidates;
  const std::vector<uint32_t> by_id = PlacesById(candidates);
  std::vector<RankedCandidate> rows(candidates.size());
  bool exclusive = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    const RoutingCandidate& candidate = candidates[by_id[i]];
    const Scored score = ScoreOf(inputs.terms, candidate);
    rows[i] = {by_id[i], PassedOver(inputs.terms, candidate), score.low, score.high};
    exclusive |= rows[i].outcome == RoutingOutcome::kNotItsTurn && candidate.territory_points == kExclusivePoints;
  }
  int best = -1;
  for (RankedCandidate& row : rows) {
    if (row.outcome != RoutingOutcome::kNotItsTurn) continue;
    const RoutingCandidate& candidate = candidates[row.candidate];
    if (exclusive && candidate.territory_points != kExclusivePoints) {
      row.outcome = RoutingOutcome::kExclusiveElsewhere;
    } else if (candidate.open_offers >= candidate.capacity) {
      row.outcome = RoutingOutcome::kAtCapacity;
    } else {
      best = std::max(best, row.score);
    }
  }
  Routed routed;
  std::vector<size_t> pool;
  for (RankedCandidate& row : rows) {
    if (row.outcome != RoutingOutcome::kNotItsTurn) continue;
    if (row.score < best - inputs.terms.tolerance) {
      row.outcome = RoutingOutcome::kLowerScore;
    } else {
      pool.push_back(row.candidate);
    }
  }
  if (!pool.empty()) TakeTurn(candidates, pool, &routed);

  // Counting places by (outcome, score) keeps the order by id among equals.
  constexpr size_t kScores = kMostScore + 1;
  std::vector<uint32_t> starts(kOutcomes * kScores + 1, 0);
  const auto slot = [](const RankedCandidate& row) {
    return (static_cast<size_t>(row.outcome) - 1) * kScores + static_cast<size_t>(kMostScore - row.score);
  };
  for (RankedCandidate& row : rows) {
    if (routed.chosen == row.candidate) row.outcome = RoutingOutcome::kChosen;
    ++starts[slot(row) + 1];
  }
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  routed.ranking.resize(rows.size());
  for (const RankedCandidate& row : rows) routed.ranking[starts[slot(row)]++] = row;
  return routed;
}

std::vector<RoutingTerm> ScoreTerms(const RoutingTerms& terms, const RoutingCandidate& candidate) {
  const auto term = [](const char* criterion, int weight, int points) -> RoutingTerm {
    if (points == kNotKnown) return {criterion, weight, 0, weight * kMostPoints};
    return {criterion, weight, weight * points, weight * points};
  };
  return {term("territory", terms.territory_weight, candidate.territory_points),
          term("proximity", terms.proximity_weight, candidate.proximity_points),
          term("product_line", terms.product_line_weight, candidate.product_line_points),
          term("segment", terms.segment_weight, candidate.segment_points)};
}

}  // namespace tributary::partner
