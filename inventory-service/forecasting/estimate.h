#pragma once

// Estimates: the one place where a quantity becomes a double and comes back, rounded to stated decimals. What comes
// back is a number to decide by and to show; it is never an operand of money or of stock.

#include "common/money/decimal.h"

namespace tributary::inventory {

double ToDouble(Decimal value);

// Half-even, to 0..6 decimals. `value` is finite; beyond +-10^20 it is cut to that.
Decimal Rounded(double value, int decimals);

// The z with which a standard normal variable stays at or below z with probability `probability`, which lies strictly
// between 0 and 1; six decimals. Found by bisection over the complementary error function.
Decimal NormalQuantile(Decimal probability);

}  // namespace tributary::inventory
