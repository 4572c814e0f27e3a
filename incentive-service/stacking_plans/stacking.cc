#include "incentive-service/stacking_plans/stacking.h"

#include <algorithm>
#include <utility>

namespace tributary::incentive {

Valuation ValuationOf(const Terms& terms, const Stacking& stacking, int64_t minor) {
  Valuation valuation = EvaluateExactly(terms, stacking.bases);
  valuation.exact = stacking.exact;
  valuation.minor = minor;
  return valuation;
}

StackingPlan Among(const StackingPlan& rules, const std::vector<StackProgram>& programs) {
  const auto missing = [&](const std::string& name) {
    return std::none_of(programs.begin(), programs.end(), [&](const StackProgram& one) { return one.name == name; });
  };
  StackingPlan among = rules;
  std::erase_if(among.net_of, [&](const NetOfEdge& e) { return missing(e.program) || missing(e.upstream); });
  for (ExclusiveGroup& group : among.groups) {
    std::erase_if(group.members, [&](const GroupMember& member) { return missing(member.program); });
  }
  std::erase_if(among.groups, [](const ExclusiveGroup& group) { return group.members.empty(); });
  for (SharedCap& cap : among.caps) std::erase_if(cap.members, missing);
  std::erase_if(among.caps, [](const SharedCap& cap) { return cap.members.empty(); });
  return among;
}

Stacking StackingOf(std::string plan, const StackingPlan& rules, const StackedValue& value,
                    const std::vector<CapUse>& caps) {
  Stacking stacking{.plan = std::move(plan),
                    .net_of = value.net_of,
                    .bases = value.bases,
                    .own = value.own.exact,
                    .losses = value.losses,
                    .after_group = value.after_groups,
                    .binding_cap = value.cap,
                    .factor = value.factor,
                    .exact = value.exact};
  for (const ExclusiveGroup& group : rules.groups) {
    for (const GroupMember& member : group.members) {
      if (member.program != value.program) continue;
      stacking.group = group.name;
      stacking.scope = group.scope;
      stacking.priority = member.priority;
    }
  }
  for (const CapUse& use : caps) {
    const auto cap =
        std::find_if(rules.caps.begin(), rules.caps.end(), [&](const SharedCap& one) { return one.name == use.cap; });
    const auto& members = cap->members;
    if (std::find(members.begin(), members.end(), value.program) == members.end()) continue;
    stacking.caps.push_back({{cap->name, {}, cap->amount, cap->rate}, use});
  }
  return stacking;
}

}  // namespace tributary::incentive
