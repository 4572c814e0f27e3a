#include "incentive-service/engine/lint/cycles.h"

#include <string>
#include <utility>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

Finding FindingOf(const char* rule, const std::vector<CycleStep>& cycle) {
  Finding finding{rule, Severity::kError, CycleText(cycle), {}};
  for (const CycleStep& step : cycle) {
    finding.counter_example.emplace_back(step.program, step.group.empty() ? "net of" : "group " + step.group);
  }
  return finding;
}

}  // namespace

std::vector<Finding> LintCycles(const StackingPlan& plan) {
  StackingPlan part;
  part.net_of = plan.net_of;
  if (const std::vector<CycleStep> cycle = FindCycle(part); !cycle.empty()) return {FindingOf("stack-cycle", cycle)};
  std::vector<Finding> findings;
  for (const ExclusiveGroup& group : plan.groups) {
    part.groups = {group};
    const std::vector<CycleStep> path = FindCycle(part);
    if (!path.empty()) findings.push_back(FindingOf("group-member-net-of-fellow", path));
  }
  if (!findings.empty()) return findings;
  if (const std::vector<CycleStep> cycle = FindCycle(plan); !cycle.empty()) return {FindingOf("stack-cycle", cycle)};
  return {};
}

}  // namespace tributary::incentive
