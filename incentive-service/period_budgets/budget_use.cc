#include "incentive-service/period_budgets/budget_use.h"

#include <utility>

#include "common/text/text.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {

BudgetTerm TermOf(BudgetPolicy policy, const BudgetOutcome& outcome) {
  if (policy == BudgetPolicy::kByEvent) return {.used_up_on = outcome.used_up_on};
  return {.factor = ToBillionth(outcome.factor)};
}

std::string FactorText(const std::optional<Rational>& factor) {
  return factor.has_value() ? factor->ToDecimalString() : "";
}

std::optional<Rational> ParseFactorText(const std::string& text) {
  const absl::StatusOr<Rational> factor = Rational::ParseDecimal(text);
  return factor.ok() ? std::optional<Rational>(*factor) : std::nullopt;
}

BudgetUse UseOf(const Program& program, const std::string& period, BudgetOutcome outcome) {
  BudgetTerm term = TermOf(program.budget->policy, outcome);
  return {.program = program.id,
          .period = period,
          .currency = program.terms.currency,
          .budget = program.budget_minor(),
          .asked = outcome.asked,
          .used = outcome.funded,
          .term = std::move(term),
          .grants = std::move(outcome.grants)};
}

std::optional<LedgerEntry> OverrunOf(const BudgetUse& use, const BudgetGrant& grant, int64_t before) {
  return Move({.partner = grant.partner,
               .path = StrCat("accruals/", use.program, ".", use.period),
               .program = use.program,
               .period = use.period,
               .currency = use.currency},
              LedgerKind::kOverrun, {{LedgerAccount::kBudgetOverrun, -before}},
              {{LedgerAccount::kBudgetOverrun, -grant.overrun()}});
}

}  // namespace tributary::incentive
