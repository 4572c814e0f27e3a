#pragma once

// Rules tier-above-limit, tier-behind-cap, tier-above-budget: tiers that nobody gets anything from.

#include <optional>
#include <vector>

#include "common/money/decimal.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/lint/finding.h"

namespace tributary::incentive {

struct Reachable {
  std::optional<Decimal> most;        // what a partner's Q can be at most, such as twice its largest period
  std::optional<Decimal> budget;      // what the program may pay all partners together
  std::optional<Decimal> unit_price;  // of a base unit, for scales that read both money and units
};

// For each tier that begins above 0:
// - tier-above-limit (warning): it begins above `most`
// - tier-behind-cap (warning): the cap is reached below it, and holds all through it
// - tier-above-budget (error): one partner that just reaches it would be paid more than the budget
// The counter-example is the least Q of the tier with its value; for the cap, the last Q below it.
std::vector<Finding> LintUnreachableTiers(const Terms& terms, const Reachable& reachable);

}  // namespace tributary::incentive
