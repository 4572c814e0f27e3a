#pragma once

// What a program's budget pays where it does not suffice (SEMANTICS R11).
//
// PRO_RATA, at the close: each value times budget / sum of values, to minor units by largest remainder, so that the
// shares sum to the budget exactly. BY_EVENT: in the order of (basis date, fact), each in full until the budget is used
// up. Never by arrival: both are functions of the set of values.
//
// Money that was issued is not taken back because the order has changed: it stays up to the value that is still owed,
// and what is then spent beyond the budget is named as overrun. A value that has itself become smaller is taken back.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary::incentive {

enum class BudgetPolicy { kProRata = 1, kByEvent = 2 };

// What is to be paid for one event, or for one partner and period.
struct BudgetValue {
  std::string fact;
  Date date;           // basis date
  Rational value;      // exact, net of what was returned; not below zero
  int64_t issued = 0;  // minor units, by earlier statements
};

struct BudgetedValue {
  std::string fact;
  int64_t asked = 0;   // `value`, rounded
  int64_t share = 0;   // what the budget has for it, at most `asked`
  int64_t funded = 0;  // share, or what was issued and is still owed
};

struct BudgetOutcome {
  std::vector<BudgetedValue> values;  // by (date, fact)
  int64_t asked = 0;
  int64_t funded = 0;
  int64_t left = 0;  // of the budget
  int64_t overrun =
      0;  // funded beyond the budget: post it to `budget_overrun`, with an alert. 0 where nothing was issued
};

// A value that is told twice counts once. INVALID_FIELD for an unknown currency, OVERFLOW where an amount does not fit.
absl::StatusOr<BudgetOutcome> FundFromBudget(BudgetPolicy policy, int64_t budget, std::string_view currency,
                                             Rounding rounding, std::vector<BudgetValue> values);

}  // namespace tributary::incentive
