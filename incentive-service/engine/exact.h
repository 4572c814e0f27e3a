#pragma once

// Between exact fractions and the numbers that documents hold.

#include "common/money/decimal.h"
#include "common/money/rational.h"

namespace tributary::incentive {

inline bool Positive(const Rational& value) { return !value.zero() && !value.negative(); }

// Rounded to a millionth; within +-10^26.
Decimal ToDecimal(const Rational& value, Rounding rounding);

// Rounded half-even to a billionth, which is where deductions between programs end.
Rational ToBillionth(const Rational& value);

}  // namespace tributary::incentive
