#include "incentive-service/engine/growth.h"

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// The baseline that counts; what stands against any, otherwise.
struct Chosen {
  Rational baseline;
  std::optional<GrowthOutcome> refusal;
};

Chosen BaselineOf(const GrowthTerms& terms, const GrowthFacts& facts) {
  const bool positive = Decimal() < facts.baseline;
  const bool throughout = facts.active_days >= facts.reference_days;
  if (positive && throughout) return {Rational(facts.baseline), {}};
  if (terms.fallback == GrowthFallback::kFixedBaseline) return {Rational(terms.fixed_baseline), {}};
  if (!positive) return {Rational(facts.baseline), GrowthOutcome::kBaselineNotPositive};
  if (terms.fallback == GrowthFallback::kProrateByActiveDays && facts.active_days > 0) {
    return {Rational(facts.baseline) * Rational(facts.reference_days, facts.active_days), {}};
  }
  return {Rational(facts.baseline), GrowthOutcome::kNotActiveThroughout};
}

}  // namespace

std::vector<FieldViolation> CheckGrowth(const GrowthTerms& terms, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (terms.tiers.empty()) violations.push_back({StrCat(field, ".tiers"), "no tier", "at least one tier"});
  for (size_t i = 0; i < terms.tiers.size(); ++i) {
    const std::string path = StrCat(field, ".tiers[", i, "]");
    const GrowthTier& tier = terms.tiers[i];
    const Decimal before = i == 0 ? Decimal::FromInt(-1) : terms.tiers[i - 1].growth;
    if (tier.growth <= before) {
      violations.push_back({path + ".growth", tier.growth.ToString(),
                            StrCat("more than ", before.ToString(), i == 0 ? "" : ", the growth of the tier before")});
    }
    if (tier.rate.negative() || tier.rate > Decimal::FromInt(1)) {
      violations.push_back({path + ".rate", tier.rate.ToString(), "a rate from 0 to 1, such as 0.02 for 2 %"});
    }
  }
  if (terms.fallback == GrowthFallback::kFixedBaseline && !(Decimal() < terms.fixed_baseline)) {
    violations.push_back({StrCat(field, ".fixed_baseline"), terms.fixed_baseline.ToString(), "more than 0"});
  }
  return violations;
}

std::string_view NameOf(GrowthOutcome outcome) {
  switch (outcome) {
    case GrowthOutcome::kMet:
      return "MET";
    case GrowthOutcome::kBelowFirstTier:
      return "BELOW_FIRST_TIER";
    case GrowthOutcome::kBaselineNotPositive:
      return "BASELINE_NOT_POSITIVE";
    case GrowthOutcome::kNotActiveThroughout:
      return "NOT_ACTIVE_THROUGHOUT";
  }
  return {};
}

Growth GrowthOf(const GrowthTerms& terms, const GrowthFacts& facts) {
  const Chosen chosen = BaselineOf(terms, facts);
  Growth growth{.baseline = chosen.baseline};
  if (chosen.refusal.has_value()) {
    growth.outcome = *chosen.refusal;
    return growth;
  }
  const Rational current(facts.current);
  for (size_t i = 0; i < terms.tiers.size(); ++i) {
    if (current < chosen.baseline * (Rational::FromInt(1) + Rational(terms.tiers[i].growth))) break;
    growth.tier = i;
  }
  if (!growth.tier.has_value()) {
    growth.outcome = GrowthOutcome::kBelowFirstTier;
    return growth;
  }
  growth.base = terms.pays == GrowthPays::kTotal ? current : current - chosen.baseline;
  if (growth.base.negative()) growth.base = Rational();
  growth.value = growth.base * Rational(terms.tiers[*growth.tier].rate);
  return growth;
}

}  // namespace tributary::incentive
