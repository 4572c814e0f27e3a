#include "cli/verify/given_budgets.h"

#include <algorithm>
#include <optional>

#include "cli/verify/arithmetic.h"

namespace tributary::cli {

using verify::Billionths;
using verify::Integer;
using verify::Text;
using verify::Unit;

void GivenBudgets::Add(const incentive::v1::StatementEntry& entry) {
  if (!entry.has_budget() || entry.kind() != incentive::v1::StatementEntry::EARNED) return;
  Given& given = given_[entry.program()][entry.period()];
  given.asked += Billionths(entry.evaluation().value()).value_or(0);
  given.share += Billionths(entry.budget().share()).value_or(0);
  given.terms.emplace(entry.budget().factor().value(),
                      entry.budget().has_used_up_on() ? Text(entry.budget().used_up_on()) : "");
}

std::set<std::string> GivenBudgets::programs() const {
  std::set<std::string> names;
  for (const auto& [name, periods] : given_) names.insert(name);
  return names;
}

std::vector<std::string> GivenBudgets::Verify(const incentive::v1::Program& program) const {
  std::vector<std::string> differences;
  const std::optional<Integer> budget = Billionths(program.budget().amount());
  const auto periods = given_.find(program.name());
  if (!program.budget().has_amount() || !budget.has_value() || periods == given_.end()) return differences;
  const bool by_event = program.budget().policy() == incentive::v1::Program::PeriodBudget::BY_EVENT;
  for (const auto& one : periods->second) {
    const Given& given = one.second;
    const auto want = [&](bool holds, const std::string& what) {
      if (!holds) differences.push_back(one.first + ": " + what);
    };
    const bool suffices = given.asked <= *budget;
    const Integer shared = std::min(given.asked, *budget);
    want(given.share == shared, "shares: stated " + Text(given.share) + " in all, worked out " + Text(shared));
    want(given.terms.size() == 1, "partners are told different factors or days");
    const auto& [factor, day] = *given.terms.begin();
    if (by_event) {
      want(day.empty() == suffices,
           "used_up_on: stated " + day + ", of a budget that " + (suffices ? "suffices" : "does not suffice"));
      continue;
    }
    const Integer exact =
        suffices ? Unit() : verify::Round({*budget * Unit(), given.asked}, verify::RoundingRule::kHalfEven);
    want(verify::ParseBillionths(factor) == exact, "factor: stated " + factor + ", worked out " + Text(exact));
  }
  return differences;
}

}  // namespace tributary::cli
