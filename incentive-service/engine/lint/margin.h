#pragma once

// Rule stack-negative-margin: programs that together pay more of a sale than it earns.

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/lint/finding.h"
#include "incentive-service/engine/stacking_plan.h"

namespace tributary::incentive {

// What a base unit is sold for, above 0, and what it costs.
struct StandardMargin {
  Decimal unit_price;
  Decimal unit_cost;

  Rational rate() const {  // of the price: 0.18 is 18 %
    return (Rational(unit_price) - Rational(unit_cost)) / Rational(unit_price);
  }
};

// Error: a partner whose one sale all programs pay on is paid more than the margin that it earns. Tried at one unit, at
// every bound of every program and far above; the counter-example is the worst of them: the sale, each program's value,
// their sum and the margin. The plan must have passed CheckPlan.
std::vector<Finding> LintMargin(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                                const StandardMargin& margin);

}  // namespace tributary::incentive
