#include "incentive-service/engine/mix.h"

#include "incentive-service/engine/exact.h"

namespace tributary::incentive {

Bases MixBases(const Terms& terms, Decimal set, const Rational& all) {
  if (!Positive(all)) return {};
  return {Rational(set) / all, terms.mix_pays == MixPays::kSet ? Rational(set) : all, Rational()};
}

absl::StatusOr<Valuation> EvaluateMix(const Terms& terms, Decimal set, const Rational& all) {
  return EvaluateRatio(terms, MixBases(terms, set, all));
}

absl::StatusOr<NextStep> NextMix(const Terms& terms, Decimal set, const Rational& all) {
  NextStep next;
  ASSIGN_OR_RETURN(const Valuation now, EvaluateMix(terms, set, all));
  next.value_now = now.minor;
  next.value_then = now.minor;
  if (!Positive(all)) return next;
  // A share of 0 or less lies in the first tier, unless that begins above 0.
  size_t tier = ReachedTiers(terms.scale, Rational(set) / all);
  if (tier == 0 && terms.scale.tiers[0].from.zero()) tier = 1;
  if (tier >= terms.scale.tiers.size()) return next;
  const Decimal from = terms.scale.tiers[tier].from;
  const Rational rest = Rational::FromInt(1) - Rational(from);
  if (!Positive(rest)) return next;
  // (set + more) / (all + more) = from.
  const Rational more = (Rational(from) * all - Rational(set)) / rest;
  next.from = from;
  next.missing = terms.scale.bound == Bound::kFrom ? ToDecimal(more, Rounding::kCeiling)
                                                   : ToDecimal(more, Rounding::kDown) + Decimal::FromMicros(1);
  ASSIGN_OR_RETURN(const Valuation then, EvaluateMix(terms, set + next.missing, all + Rational(next.missing)));
  next.value_then = then.minor;
  return next;
}

}  // namespace tributary::incentive
