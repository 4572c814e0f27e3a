#include "incentive-service/engine/evaluation.h"

#include <algorithm>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"

namespace tributary::incentive {
namespace {

TierPart PartOf(const Scale& scale, size_t tier, Decimal amount) {
  const Tier& t = scale.tiers[tier];
  return {t.from, EndOf(scale, tier), t.rate, amount, Rational(amount) * Rational(t.rate)};
}

// Each tier pays on what lies between its two bounds. To which side a bound itself belongs makes no difference here:
// the tier that begins there would get a width of 0.
std::vector<TierPart> MarginalParts(const Scale& scale, Decimal qualifying) {
  std::vector<TierPart> parts;
  for (size_t i = 0; i < scale.tiers.size() && qualifying > scale.tiers[i].from; ++i) {
    const Decimal upper = std::min(qualifying, EndOf(scale, i).value_or(qualifying));
    parts.push_back(PartOf(scale, i, upper - scale.tiers[i].from));
  }
  return parts;
}

}  // namespace

absl::StatusOr<Evaluation> Evaluate(const Terms& terms, Decimal qualifying) {
  Evaluation evaluation;
  if (qualifying > Decimal()) {
    evaluation.parts = terms.scale.shape == Shape::kMarginal
                           ? MarginalParts(terms.scale, qualifying)
                           : std::vector{PartOf(terms.scale, ReachedTier(terms.scale, qualifying), qualifying)};
  }
  for (const TierPart& part : evaluation.parts) evaluation.exact = evaluation.exact + part.value;
  ASSIGN_OR_RETURN(evaluation.minor, ToMinorUnits(evaluation.exact, terms.currency, terms.rounding));
  return evaluation;
}

absl::StatusOr<NextTier> WhatNext(const Terms& terms, Decimal qualifying) {
  NextTier next;
  ASSIGN_OR_RETURN(const Evaluation now, Evaluate(terms, qualifying));
  next.value_now = next.value_then = now.minor;
  const size_t tier = ReachedTier(terms.scale, qualifying) + 1;
  if (tier >= terms.scale.tiers.size()) return next;
  const Decimal reached = LeastIn(terms.scale, tier);
  ASSIGN_OR_RETURN(const Evaluation then, Evaluate(terms, reached));
  next.from = terms.scale.tiers[tier].from;
  next.missing = reached - qualifying;
  next.value_then = then.minor;
  return next;
}

}  // namespace tributary::incentive
