#include "incentive-service/statements/budget_entry.h"

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "common/status/status.h"

namespace tributary::incentive {
namespace {

std::map<Date, Rational> WeightsByDay(const Program& program, const std::vector<StatementLine>& lines,
                                      const Rates& rates) {
  std::map<Date, Rational> weights;
  for (const StatementLine& line : lines) {
    Rational& of_day = weights[line.basis_date];
    of_day = of_day + WeightOf(program, line, rates);
  }
  return weights;
}

}  // namespace

absl::Status ApplyBudget(const Program& program, const Period& scale, const Rates& rates, StatedPeriod* stated) {
  const BudgetPolicy policy = program.budget->policy;
  std::vector<BudgetAsk> asks;
  asks.reserve(stated->entries.size());
  for (const auto& [partner, entry] : stated->entries) {
    BudgetAsk ask{.partner = partner, .asked = entry.value, .issued = entry.stated_before};
    if (policy == BudgetPolicy::kByEvent) ask.events = EventsOf(ask.asked, WeightsByDay(program, entry.lines, rates));
    asks.push_back(std::move(ask));
  }
  ASSIGN_OR_RETURN(BudgetOutcome outcome, FundFromBudget(policy, program.budget_minor(), std::move(asks)));
  const BudgetTerm term = TermOf(policy, outcome);
  for (size_t i = 0; i < stated->entries.size(); ++i) {
    const BudgetGrant& grant = outcome.grants[i];  // by partner, as the entries are
    StatementEntry& entry = stated->entries[i].entry;
    stated->total -= entry.value - grant.funded;
    entry.value = grant.funded;
    entry.budget = BudgetSteps{grant.asked, grant.share, term};
    ShareValue(program, rates, &entry);
  }
  stated->budgets.push_back(UseOf(program, scale.id, std::move(outcome)));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
