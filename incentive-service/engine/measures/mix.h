#pragma once

// A set's share of all: "at least 30 % of purchases are of the new line". Exact, cross-multiplied.

#include "common/money/decimal.h"
#include "common/money/rational.h"

namespace tributary::incentive {

// Whether set / all >= share. Not met where all is 0 or less.
inline bool MeetsShare(Decimal set, Decimal all, Decimal share) {
  return all > Decimal() && Rational(set) >= Rational(all) * Rational(share);
}

}  // namespace tributary::incentive
