#pragma once

// What a program's budget pays in a period in which it does not suffice (SEMANTICS R11).
//
// PRO_RATA, at the close: each value times budget / sum of values, to minor units by largest remainder, so that the
// shares sum to the budget exactly; equal remainders go to the smaller name. BY_EVENT: in the order of (basis date,
// fact), each in full until the budget is used up. Never by arrival: both are functions of the set of values.
//
// Money that was issued is not taken back because the order has changed: it stays up to the value that is still owed,
// and what is then spent beyond the budget is the overrun. A value that has itself become smaller is taken back.
//
// All amounts are minor units.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The numbers are those of the wire.
enum class BudgetPolicy { kProRata = 1, kByEvent = 2 };

// What a partner's facts of one day ask for, above 0. Facts bear the name of their partner in front, so those of one
// day follow one another by their names: they are one event.
struct BudgetEvent {
  Date date;  // basis date
  int64_t value = 0;
  friend bool operator==(const BudgetEvent&, const BudgetEvent&) = default;
};

// A partner's value as events, by date; they sum to it. `weights`: what the lines of each day bring. What a day takes
// back (a return that names no sale) is taken of the days before it, the last first, or else of those behind it. Up to
// each day the value is rounded down. Where nothing is left of the weights the value is of the last day.
std::vector<BudgetEvent> EventsOf(int64_t value, const std::map<Date, Rational>& weights);

// What one partner asks for.
struct BudgetAsk {
  std::string partner;
  int64_t asked = 0;                // its value, at least 0
  int64_t issued = 0;               // of it, by earlier statements
  std::vector<BudgetEvent> events;  // under kByEvent: EventsOf it
};

struct BudgetGrant {
  std::string partner;
  int64_t asked = 0;
  int64_t share = 0;   // what the budget has for it, at most `asked`
  int64_t funded = 0;  // share, or what was issued and is still owed
  friend bool operator==(const BudgetGrant&, const BudgetGrant&) = default;

  int64_t overrun() const { return funded - share; }
};

struct BudgetOutcome {
  std::vector<BudgetGrant> grants;  // by partner; their shares sum to `asked`, or to the budget where that is less
  int64_t asked = 0;
  int64_t funded = 0;
  Rational factor;                 // under kProRata: min(1, budget / asked)
  std::optional<Date> used_up_on;  // under kByEvent: of the first event that is not paid in full
};

// `asks`: one of each partner, in any order. OVERFLOW where the values do not fit.
absl::StatusOr<BudgetOutcome> FundFromBudget(BudgetPolicy policy, int64_t budget, std::vector<BudgetAsk> asks);

}  // namespace tributary::incentive
