#include "incentive-service/engine/tiers.h"

#include "common/text/text.h"

namespace tributary::incentive {

namespace {

// `may_begin_above`: the first tier may begin above 0.
std::vector<FieldViolation> CheckRising(absl::Span<const Tier> tiers, std::string_view field, bool may_begin_above) {
  std::vector<FieldViolation> violations;
  if (tiers.empty()) violations.push_back({std::string(field), "no tier", "at least one tier"});
  for (size_t i = 0; i < tiers.size(); ++i) {
    const std::string path = StrCat(field, "[", i, "]");
    const Tier& tier = tiers[i];
    if (i == 0 && (may_begin_above ? tier.from.negative() : !tier.from.zero())) {
      violations.push_back({path + ".from_amount", tier.from.ToString(),
                            may_begin_above ? "0 or more" : "0: the first tier begins at 0"});
    }
    if (i > 0 && tier.from <= tiers[i - 1].from) {
      violations.push_back({path + ".from_amount", tier.from.ToString(),
                            StrCat("more than ", tiers[i - 1].from.ToString(), ", where the tier before begins")});
    }
    if (tier.rate.negative() || tier.rate > Decimal::FromInt(1)) {
      violations.push_back({path + ".rate", tier.rate.ToString(), "a rate from 0 to 1, such as 0.035 for 3.5 %"});
    }
  }
  return violations;
}

}  // namespace

std::vector<FieldViolation> CheckTiers(absl::Span<const Tier> tiers, std::string_view field) {
  return CheckRising(tiers, field, false);
}

std::vector<FieldViolation> CheckScale(const Scale& scale, std::string_view field) {
  const std::string path = StrCat(field, ".tiers");
  const bool target = scale.shape == Shape::kTarget, per_unit = scale.shape == Shape::kPerUnit;
  const std::vector<Tier>& tiers = scale.tiers;
  std::vector<FieldViolation> violations = CheckRising(tiers, path, target);
  if (scale.shape == Shape::kFlat && tiers.size() > 1) {
    violations.push_back({path, StrCat(tiers.size(), " tiers"), "one tier from 0: a flat rate"});
  }
  Decimal rates;
  for (size_t i = 0; i < tiers.size(); ++i) {
    const Tier& tier = tiers[i];
    const std::string at = StrCat(path, "[", i, "]");
    rates += tier.rate;
    if ((scale.measure == Measure::kCount || scale.measure == Measure::kDaysToPay) && tier.from.scale() > 0) {
      violations.push_back({at + ".from_amount", tier.from.ToString(), "a whole number, as what is counted is"});
    }
    if (tier.amount.negative()) violations.push_back({at + ".amount", tier.amount.ToString(), "0 or more"});
    if (!target && !per_unit && !tier.amount.zero()) {
      violations.push_back({at + ".amount", tier.amount.ToString(), "none: this shape pays rates"});
    }
    if (per_unit && !tier.rate.zero()) {
      violations.push_back({at + ".rate", tier.rate.ToString(), "0: this shape pays an amount a unit"});
    }
    if (target && tier.rate.zero() == tier.amount.zero()) {
      violations.push_back({at, StrCat("rate ", tier.rate.ToString(), ", amount ", tier.amount.ToString()),
                            "either a rate or an amount"});
    }
  }
  if ((scale.shape == Shape::kRolling || scale.shape == Shape::kTotal) && rates > Decimal::FromInt(1)) {
    violations.push_back({path, StrCat("rates that sum to ", rates.ToString()), "a sum of at most 1"});
  }
  return violations;
}

size_t ReachedTiers(const Scale& scale, const Rational& q) {
  size_t reached = 0;
  for (; reached < scale.tiers.size(); ++reached) {
    const Rational from(scale.tiers[reached].from);
    if (scale.bound == Bound::kFrom ? q < from : q <= from) break;
  }
  return reached;
}

size_t ReachedTier(const Scale& scale, Decimal amount) {
  size_t reached = 0;
  for (size_t i = 1; i < scale.tiers.size(); ++i) {
    const Decimal from = scale.tiers[i].from;
    const bool reaches = scale.bound == Bound::kFrom ? amount >= from : amount > from;
    if (!reaches) break;
    reached = i;
  }
  return reached;
}

std::optional<Decimal> EndOf(const Scale& scale, size_t tier) {
  if (tier + 1 >= scale.tiers.size()) return std::nullopt;
  return scale.tiers[tier + 1].from;
}

Decimal LeastIn(const Scale& scale, size_t tier) {
  const Decimal from = scale.tiers[tier].from;
  if (scale.bound == Bound::kFrom) return from;
  return from + (scale.measure == Measure::kCount ? Decimal::FromInt(1) : Decimal::FromMicros(1));
}

std::string IntervalText(const Scale& scale, size_t tier) {
  const std::optional<Decimal> end = EndOf(scale, tier);
  const bool from = scale.bound == Bound::kFrom;
  return StrCat(from ? "[" : "(", scale.tiers[tier].from.ToString(), ", ", end.has_value() ? end->ToString() : "∞",
                from || !end.has_value() ? ")" : "]");
}

}  // namespace tributary::incentive
