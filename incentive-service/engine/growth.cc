#include "incentive-service/engine/growth.h"

#include "incentive-service/engine/exact.h"

namespace tributary::incentive {

std::string_view NameOf(GrowthOutcome outcome) {
  switch (outcome) {
    case GrowthOutcome::kMeasured:
      return "MEASURED";
    case GrowthOutcome::kBaselineNotPositive:
      return "BASELINE_NOT_POSITIVE";
    case GrowthOutcome::kNotActiveThroughout:
      return "NOT_ACTIVE_THROUGHOUT";
    case GrowthOutcome::kTakenOver:
      return "TAKEN_OVER";
  }
  return {};
}

Baseline BaselineOf(GrowthFallback fallback, const GrowthFacts& facts) {
  Baseline baseline{.facts = facts, .amount = Rational(facts.reference)};
  if (!facts.successor.empty()) {
    baseline.outcome = GrowthOutcome::kTakenOver;
    return baseline;
  }
  const bool positive = Positive(baseline.amount);
  const bool throughout = facts.active_days >= facts.reference_days;
  const bool agreed_alone = facts.reference_days == 0;
  if (!agreed_alone && positive && throughout) return baseline;
  if (agreed_alone || fallback == GrowthFallback::kFixedBaseline) {
    if (facts.agreed.has_value()) {
      baseline.amount = Rational(*facts.agreed);
      return baseline;
    }
  } else if (positive && fallback == GrowthFallback::kProrateByActiveDays && facts.active_days > 0) {
    baseline.amount = baseline.amount * Rational(facts.reference_days, facts.active_days);
    return baseline;
  }
  baseline.outcome = positive ? GrowthOutcome::kNotActiveThroughout : GrowthOutcome::kBaselineNotPositive;
  return baseline;
}

Bases GrowthBases(const Terms& terms, const Baseline& baseline, const Rational& current, const Rational& quantity) {
  if (baseline.outcome != GrowthOutcome::kMeasured) return {};
  const bool increment = terms.growth_pays == GrowthPays::kIncrement;
  return {current / baseline.amount, increment ? current - baseline.amount : current, quantity};
}

absl::StatusOr<Valuation> EvaluateGrowth(const Terms& terms, const Baseline& baseline, const Rational& current,
                                         const Rational& quantity) {
  return EvaluateRatio(terms, GrowthBases(terms, baseline, current, quantity));
}

absl::StatusOr<NextStep> NextGrowth(const Terms& terms, const Baseline& baseline, const Rational& current,
                                    const Rational& quantity) {
  NextStep next;
  ASSIGN_OR_RETURN(const Valuation now, EvaluateGrowth(terms, baseline, current, quantity));
  next.value_now = now.minor;
  next.value_then = now.minor;
  if (baseline.outcome != GrowthOutcome::kMeasured) return next;
  // What is 0 or less lies in the first tier, unless that begins above 0.
  size_t tier = ReachedTiers(terms.scale, current / baseline.amount);
  if (tier == 0 && terms.scale.tiers[0].from.zero()) tier = 1;
  if (tier >= terms.scale.tiers.size()) return next;
  const Rational from = baseline.amount * Rational(terms.scale.tiers[tier].from);
  const bool reaches = terms.scale.bound == Bound::kFrom;
  next.from = ToDecimal(from, Rounding::kCeiling);
  next.missing = reaches ? ToDecimal(from - current, Rounding::kCeiling)
                         : ToDecimal(from - current, Rounding::kDown) + Decimal::FromMicros(1);
  next.value_then.reset();
  if (!Positive(current)) return next;
  const Rational then = current + Rational(next.missing);
  ASSIGN_OR_RETURN(const Valuation value, EvaluateGrowth(terms, baseline, then, quantity * then / current));
  next.value_then = value.minor;
  return next;
}

}  // namespace tributary::incentive
