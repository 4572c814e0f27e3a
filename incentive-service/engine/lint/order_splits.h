#pragma once

// Rules order-split, order-merge: programs that pay for each order by itself, where cutting one order in two, or
// putting two together, pays more for the same goods.

#include <optional>
#include <vector>

#include "common/money/decimal.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/lint/finding.h"

namespace tributary::incentive {

// Tries pairs of orders about every bound, the cap and the floor, and answers the pair with the largest gain:
// order-split (error: it can be repeated) and order-merge (warning: it is what tiers are for). The counter-example is
// the two orders with their values, and the value of both as one. Scales that read both money and units are tried at
// `unit_price`; without one they are left out.
std::vector<Finding> LintOrderSplits(const Terms& terms, std::optional<Decimal> unit_price = std::nullopt);

}  // namespace tributary::incentive
