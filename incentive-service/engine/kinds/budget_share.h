#pragma once

// What a program's budget leaves of what its partners earned: in proportion at the close, or first come by event. Never
// by arrival, so facts in any order give the same money.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/time/date.h"

namespace tributary::incentive {

enum class BudgetPolicy {
  kProRata = 1,  // all in proportion, by largest remainder
  kByEvent = 2,  // by basis date, then fact; the one that meets the end is paid in part
};

// Amounts are in the currency's smallest units, 0 or more.
struct BudgetClaim {
  Date basis_date;
  std::string fact;  // the claimant's own name under kProRata: a partner
  int64_t earned = 0;
  int64_t issued = 0;  // stated already; what is still earned of it is not taken back
};

struct BudgetShares {
  std::vector<int64_t>
      shares;  // one for each claim, in the order given: what it has in all, at least the lower of issued and earned
  int64_t paid = 0;     // all shares
  int64_t overrun = 0;  // paid beyond the budget, since issued money stays: posts to budget_overrun
};

// Where claims were issued more than the policy now leaves them, they keep it, and the others share what remains; ties
// of remainders go by (basis date, fact). The order of `claims` plays no part.
BudgetShares ShareBudget(int64_t budget, BudgetPolicy policy, absl::Span<const BudgetClaim> claims);

}  // namespace tributary::incentive
