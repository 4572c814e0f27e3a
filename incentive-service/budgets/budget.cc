#include "incentive-service/budgets/budget.h"

#include <utility>
#include <vector>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status CheckWithin(std::string_view subject, int64_t has, int64_t asked, std::string_view currency) {
  if (asked <= has) return absl::OkStatus();
  return Error(Reason::kOverBudget, StrCat(subject, ": got ", FormatMinorUnits(asked, currency), " ", currency,
                                           ", want at most ", FormatMinorUnits(has, currency), " ", currency));
}

absl::Status CheckBudget(const Budget& budget, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (budget.amount <= 0) violations.push_back({StrCat(field, ".amount"), StrCat(budget.amount), "more than 0"});
  if (budget.effective.end <= budget.effective.start) {
    violations.push_back({StrCat(field, ".effective_to"), budget.effective.end.ToString(),
                          StrCat("a day after ", budget.effective.start.ToString(), ", where it begins")});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return absl::OkStatus();
}

absl::StatusOr<Budget> Revise(const Budget& budget, const Budget& wanted, absl::Time now) {
  RETURN_IF_ERROR(CheckBudget(wanted, "budget"));
  if (wanted.currency != budget.currency) {
    return InvalidField("budget.amount.currency_code", wanted.currency, StrCat(budget.currency, ", as it was made"));
  }
  RETURN_IF_ERROR(CheckWithin(StrCat(budget.name(), ", allocated"), wanted.amount, budget.allocated, budget.currency));
  Budget revised = budget;
  revised.display_name = wanted.display_name;
  revised.amount = wanted.amount;
  revised.effective = wanted.effective;
  revised.claim_days = wanted.claim_days;
  revised.update_time = now;
  ++revised.version;
  return revised;
}

absl::StatusOr<Allocated> Allocate(Budget budget, FundAllocation allocation, int64_t amount, absl::Time now) {
  if (amount <= 0) return InvalidField("fund_allocation.amount", StrCat(amount), "more than 0");
  RETURN_IF_ERROR(
      CheckWithin(StrCat(allocation.name(), ", requested"), amount, allocation.requested, allocation.currency));
  RETURN_IF_ERROR(CheckWithin(budget.name(), budget.available() + allocation.amount, amount, budget.currency));
  budget.allocated += amount - allocation.amount;
  budget.update_time = now;
  ++budget.version;
  allocation.amount = amount;
  allocation.update_time = now;
  return Allocated{std::move(budget), std::move(allocation)};
}

}  // namespace tributary::incentive
