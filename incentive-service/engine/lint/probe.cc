#include "incentive-service/engine/lint/probe.h"

#include "common/money/money.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {

std::optional<Bases> BasesAt(const Terms& terms, Decimal q, std::optional<Decimal> unit_price) {
  if (terms.scale.measure == Measure::kDaysToPay) return std::nullopt;  // each day has its own amount
  if (terms.scale.measure == Measure::kFreeGoods) return std::nullopt;  // no amount is worth anything
  if (terms.scale.measure == Measure::kComposite) return std::nullopt;  // points bring no amount
  // What is sold for a margin is not known.
  if (terms.margin.has_value() && !terms.margin->pays_what_reaches()) return std::nullopt;
  // What is counted is probed as units are: what one brings is then its price.
  const bool units = terms.scale.measure == Measure::kQuantity || terms.scale.measure == Measure::kCount;
  const bool pays_units = terms.scale.shape == Shape::kPerUnit;
  if (units != pays_units && !unit_price.has_value()) return std::nullopt;
  const Rational price = Rational(unit_price.value_or(Decimal::FromInt(1)));
  Bases bases;
  bases.reach = Rational(q);
  bases.quantity = units ? bases.reach : bases.reach / price;
  bases.base = units ? bases.reach * price : bases.reach;
  if (terms.scale.measure == Measure::kGrowth && terms.growth_pays == GrowthPays::kIncrement) {
    bases.base = bases.base - Rational::FromInt(1);
  }
  return bases;
}

std::optional<Rational> ValueAt(const Terms& terms, Decimal q, std::optional<Decimal> unit_price) {
  const std::optional<Bases> bases = BasesAt(terms, q, unit_price);
  if (!bases.has_value()) return std::nullopt;
  return EvaluateExactly(terms, *bases).exact;
}

Decimal StepOf(const Terms& terms) {
  if (terms.scale.measure == Measure::kQuantity || terms.scale.measure == Measure::kCount ||
      terms.scale.measure == Measure::kDaysToPay) {
    return Decimal::FromInt(1);
  }
  const bool shares = terms.margin.has_value() && terms.margin->reaches_by == MarginReach::kShare;
  if (terms.scale.measure == Measure::kGrowth || terms.scale.measure == Measure::kMix ||
      terms.scale.measure == Measure::kComposite || shares) {
    return Decimal::FromMicros(1);
  }
  Decimal step = Decimal::FromInt(1);
  for (int i = CurrencyExponent(terms.currency).value_or(2); i > 0; --i) step = Decimal::FromMicros(step.micros() / 10);
  return step;
}

Threshold ThresholdOf(const Terms& terms, size_t tier) {
  const Decimal from = terms.scale.tiers[tier].from, step = StepOf(terms);
  if (terms.scale.bound == Bound::kFrom) return {from - step, from};
  return {from, from + step};
}

std::string Shown(const Rational& value) { return ToDecimal(value, Rounding::kHalfEven).ToString(); }

}  // namespace tributary::incentive
