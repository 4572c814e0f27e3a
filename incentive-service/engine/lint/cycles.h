#pragma once

// Rules stack-cycle, group-member-net-of-fellow: plans in which a program waits for itself.

#include <vector>

#include "incentive-service/engine/lint/finding.h"
#include "incentive-service/engine/stacking_plan.h"

namespace tributary::incentive {

// Errors. group-member-net-of-fellow: from one member of an exclusive group a net-of path leads to another, one finding
// a group. stack-cycle: any other cycle, the shortest, among edges alone or through several groups. The counter-example
// is the way round, a step a value.
std::vector<Finding> LintCycles(const StackingPlan& plan);

}  // namespace tributary::incentive
