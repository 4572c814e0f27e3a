#pragma once

// From sums to a value under any shape, with its explanation: what each tier gave, the value before and after floor
// and cap. Pure and exact; the one rounding is the last step.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/tiers.h"

namespace tributary::incentive {

// The sums of one partner, program and period.
struct Bases {
  Rational reach;     // Q in the scale's measure: what reaches the tiers
  Rational base;      // B, in money: what rates are paid on
  Rational quantity;  // base units that are paid (kPerUnit)
};

// What one tier gave: value = amount x rate + once. Under kPerUnit the rate is money for a unit.
struct ScalePart {
  size_t tier = 0;  // its bounds as printed: IntervalText(scale, tier)
  Decimal rate;
  Rational amount;  // what the rate was applied to: a width, min(Q, upper), the whole, units, or what is missing
  Decimal once;     // a target's amount
  Rational value;
};

// Which limit decided.
enum class Limit { kNone = 0, kFloor = 1, kCap = 2, kMaxPenalty = 3 };

struct Valuation {
  std::vector<ScalePart> parts;  // on Q, in tier order; of a penalty too they are what is charged, 0 or more
  Rational scaled;               // T(Q), the sum of the parts' values
  Rational before;               // V before limits: T(Q) x B / Q for rates; amounts once and per unit as they are
  Limit limit = Limit::kNone;
  Rational exact;     // V
  int64_t minor = 0;  // V, rounded once to the currency's smallest unit
  Bases carried;      // under carry_negative: the sums that are below 0, to be added to the next period's; else 0
};

// Q of 0 or less gives 0 and no parts (but for a target that penalizes, which is missed then); so does, in each, a base
// of 0 or less for rates and a quantity of 0 or less for amounts per unit. The floor lifts only where Q is above 0, and
// what is paid on (the base, or the quantity under kPerUnit) too. The terms must have passed CheckTermsValue.
// INVALID_FIELD for an unknown currency; OVERFLOW where the value does not fit.
absl::StatusOr<Valuation> Evaluate(const Terms& terms, const Bases& bases);

// The same where Q is a ratio (growth, a mix), its parts told in money: what lies between two bounds of Q is that times
// B / Q.
absl::StatusOr<Valuation> EvaluateRatio(const Terms& terms, const Bases& bases);

// The value alone, without its rounding: what comparisons and deductions read.
Valuation EvaluateExactly(const Terms& terms, const Bases& bases);

// How far it is to the next tier, in the scale's measure; `missing` is rounded up to a millionth. What is missing comes
// in at the average of what there is (B / Q, units / Q), so without any Q there is no value then: nullopt.
struct NextStep {
  std::optional<Decimal> from;  // nullopt in the last tier; then `missing` is 0 and both values are equal
  Decimal missing;
  int64_t value_now = 0;  // in minor units
  std::optional<int64_t> value_then;
};
absl::StatusOr<NextStep> WhatNext(const Terms& terms, const Bases& bases);

}  // namespace tributary::incentive
