#pragma once

// What rules try terms on: a partner's sums, invented, and the value that they give.

#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

// The sums of a partner whose Q is so much, all of it paid on. A scale that reads both money and units wants a price
// for a unit: nullopt without.
std::optional<Bases> BasesAt(const Terms& terms, Decimal q, std::optional<Decimal> unit_price);

// The value of such a partner, exact.
std::optional<Rational> ValueAt(const Terms& terms, Decimal q, std::optional<Decimal> unit_price);

// The smallest step that Q moves in: the currency's smallest unit, or one base unit.
Decimal StepOf(const Terms& terms);

// The first Q, in steps, that lies in the tier, and the last below it.
struct Threshold {
  Decimal below;
  Decimal at;
};
Threshold ThresholdOf(const Terms& terms, size_t tier);

// Six decimals at most, half-even.
std::string Shown(const Rational& value);

}  // namespace tributary::incentive
