#pragma once

// What a program's budget leaves of what a close says.

#include "absl/status/status.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {

// Of a period of a program with a budget: each entry's value becomes what the budget has for it, and its lines' shares
// those of that. `stated`: an entry for each partner whose value is above 0 or of whom something was stated, by
// partner, all of that period; what was stated stays as far as the value reaches. Says in `stated->budgets` what has
// become of the budget. OVERFLOW where the values do not fit.
absl::Status ApplyBudget(const Program& program, const Period& scale, const Rates& rates, StatedPeriod* stated);

}  // namespace tributary::incentive
