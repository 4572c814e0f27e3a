#include "incentive-service/engine/measures/growth.h"

#include "common/text/text.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {
namespace {

Rational Bound(const Rational& baseline, Decimal growth) { return baseline * Rational(Decimal::FromInt(1) + growth); }

}  // namespace

std::optional<Rational> BaselineOf(const Reference& reference, NoBaseline policy, std::optional<Decimal> fixed) {
  const bool whole = reference.active_days >= reference.days;
  if (whole && reference.sum > Decimal()) return Rational(reference.sum);
  switch (policy) {
    case NoBaseline::kNotEligible:
      return std::nullopt;
    case NoBaseline::kFixed:
      if (!fixed.has_value() || *fixed <= Decimal()) return std::nullopt;
      return Rational(*fixed);
    case NoBaseline::kProrateByActiveDays:
      if (reference.active_days <= 0 || reference.sum <= Decimal()) return std::nullopt;
      return Rational(reference.sum) * Rational(reference.days, reference.active_days);
  }
  return std::nullopt;
}

std::vector<FieldViolation> CheckGrowthTiers(absl::Span<const GrowthTier> tiers, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (tiers.empty()) violations.push_back({std::string(field), "no tier", "at least one tier"});
  for (size_t i = 0; i < tiers.size(); ++i) {
    const std::string path = StrCat(field, "[", i, "]");
    if (i == 0 && tiers[i].growth < Decimal::FromInt(-1)) {
      violations.push_back({path + ".growth", tiers[i].growth.ToString(), "-1 or more: no sum falls further"});
    }
    if (i > 0 && tiers[i].growth <= tiers[i - 1].growth) {
      violations.push_back({path + ".growth", tiers[i].growth.ToString(),
                            StrCat("more than ", tiers[i - 1].growth.ToString(), ", the tier before")});
    }
    if (tiers[i].rate.negative() || tiers[i].rate > Decimal::FromInt(1)) {
      violations.push_back({path + ".rate", tiers[i].rate.ToString(), "a rate from 0 to 1, such as 0.035 for 3.5 %"});
    }
  }
  return violations;
}

bool MeetsGrowth(const Rational& current, const Rational& baseline, Decimal growth) {
  return current >= Bound(baseline, growth);
}

GrowthValue ValueOfGrowth(absl::Span<const GrowthTier> tiers, PaidOn paid_on, const Rational& current,
                          const Rational& baseline) {
  GrowthValue value;
  size_t met = 0;
  while (met < tiers.size() && MeetsGrowth(current, baseline, tiers[met].growth)) ++met;
  if (met < tiers.size()) value.missing = Bound(baseline, tiers[met].growth) - current;
  if (met == 0) return value;
  value.tier = met - 1;
  const Rational on = paid_on == PaidOn::kTotal ? current : current - baseline;
  if (Positive(on)) value.paid_on = on;
  value.value = value.paid_on * Rational(tiers[met - 1].rate);
  return value;
}

}  // namespace tributary::incentive
