#pragma once

// What closes say of programs under a stacking plan: entries that stand together.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/stacking_plans/partner_stack.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {

// Of one partner and period, by program: one entry of each member that takes part, by its lines, by what was stated of
// it or because it charges the partner by name, so that they suffice to work the stack out again. Of a true-up none at
// all where no member is worth anything else by now. `lines`: the partner's of the period, of one basis, in any order;
// `stated`: minor units by program; `close_period`: of the close that says it.
absl::StatusOr<std::vector<PartnerEntry>> StateStack(const DeclaredPlan& plan, const StackMembers& members,
                                                     StatementEntryKind kind, const Period& period,
                                                     const std::string& close_period, std::vector<FactLine> lines,
                                                     const std::string& partner,
                                                     const std::map<std::string, int64_t>& stated);

}  // namespace tributary::incentive
