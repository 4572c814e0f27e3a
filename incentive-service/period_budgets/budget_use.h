#pragma once

// What the budgets of programs' periods have come to: what all partners ask for, and who was stated how much of it.
// Values and decisions; engine/budget.h has the arithmetic.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/money/rational.h"
#include "common/time/date.h"
#include "incentive-service/engine/budget.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// How a budget was shared out, as documents tell it: without what others come to.
struct BudgetTerm {
  std::optional<Rational> factor;  // under kProRata: min(1, budget / asked), half-even to a billionth
  std::optional<Date> used_up_on;  // under kByEvent: basis date of the first event that is not paid in full
  friend bool operator==(const BudgetTerm&, const BudgetTerm&) = default;
};
BudgetTerm TermOf(BudgetPolicy policy, const BudgetOutcome& outcome);

// "0.955414013"; empty where there is none. And back; nullopt of the empty text, and of what is no number.
std::string FactorText(const std::optional<Rational>& factor);
std::optional<Rational> ParseFactorText(const std::string& text);

// As a close or a true-up left it; minor units.
struct BudgetUse {
  std::string program;  // its id
  std::string period;   // of the scale
  std::string currency;
  int64_t budget = 0;
  int64_t asked = 0;  // the values of all partners before it
  int64_t used = 0;   // what statements, drafts too, have said of the period
  BudgetTerm term;
  std::vector<BudgetGrant> grants;  // by partner; kept apart by the store
  friend bool operator==(const BudgetUse&, const BudgetUse&) = default;

  int64_t left() const { return used < budget ? budget - used : 0; }
  int64_t overrun() const { return used > budget ? used - budget : 0; }
};

BudgetUse UseOf(const Program& program, const std::string& period, BudgetOutcome outcome);

// What takes the overrun of one partner from `before` to what it is now: so much comes from BUDGET_OVERRUN in the place
// of COST. Nothing is granted or taken by that. Unset where it is the same.
std::optional<LedgerEntry> OverrunOf(const BudgetUse& use, const BudgetGrant& grant, int64_t before);

}  // namespace tributary::incentive
