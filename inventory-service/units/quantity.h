#pragma once

// Exact quantities.

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"

namespace tributary::inventory {

// The fraction as a quantity. NOT_A_MULTIPLE where six decimals do not hold it, OVERFLOW where it lies beyond +-10^20.
absl::StatusOr<Decimal> ExactQuantity(const Rational& quantity);

// Whether the quantity is a whole number of steps; any is where the step is 0.
bool IsMultipleOf(Decimal quantity, Decimal step);

}  // namespace tributary::inventory
