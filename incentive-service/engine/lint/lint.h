#pragma once

// Every rule of lint over a program or a plan, before launch.

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "incentive-service/engine/lint/finding.h"
#include "incentive-service/engine/lint/margin.h"
#include "incentive-service/engine/lint/unreachable_tiers.h"
#include "incentive-service/engine/stacking_plan.h"

namespace tributary::incentive {

struct LintSettings {
  Reachable reachable;
  Decimal cliff_percent = Decimal::FromInt(20);
  bool per_order = false;  // the program pays for each order by itself
};

// The rules of one program: unreachable_tiers.h, cliffs.h, and order_splits.h where it pays for each order. The terms
// must have passed CheckTermsValue. Of growth and mixes the tiers alone are looked at, as for a baseline of 1: what
// limits and budgets in money come to depends on the baseline. (Stated tiers are looked at before they become a scale:
// stated_tiers.h.)
std::vector<Finding> LintTerms(const Terms& stated, const LintSettings& given);

// The rules of a plan: cycles.h; where it may be evaluated (CheckPlan), margin.h.
std::vector<Finding> LintPlan(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                              const std::optional<StandardMargin>& margin);

}  // namespace tributary::incentive
