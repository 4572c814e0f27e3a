#include "incentive-service/engine/budget.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "incentive-service/engine/fact_set.h"

namespace tributary::incentive {
namespace {

// `total` in proportion to the values, by largest remainder; equal remainders go to the earlier one. Their sum is above
// zero, and total is not below.
std::vector<int64_t> Shares(int64_t total, const std::vector<BudgetValue>& values) {
  Rational sum;
  for (const BudgetValue& one : values) sum = sum + one.value;
  std::vector<int64_t> shares;
  std::vector<Rational> remainders;
  int64_t left = total;
  for (const BudgetValue& one : values) {
    const Rational exact = Rational::FromInt(total) * one.value / sum;
    shares.push_back(exact.RoundScaled(0, Rounding::kFloor).convert_to<int64_t>());
    remainders.push_back(exact - Rational::FromInt(shares.back()));
    left -= shares.back();
  }
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainders[b] < remainders[a]; });
  for (size_t i = 0; i < static_cast<size_t>(left); ++i) ++shares[order[i]];
  return shares;
}

}  // namespace

absl::StatusOr<BudgetOutcome> FundFromBudget(BudgetPolicy policy, int64_t budget, std::string_view currency,
                                             Rounding rounding, std::vector<BudgetValue> values) {
  values = ByDate(std::move(values));
  BudgetOutcome outcome;
  for (const BudgetValue& one : values) {
    BudgetedValue next{.fact = one.fact};
    ASSIGN_OR_RETURN(next.asked, ToMinorUnits(one.value, currency, rounding));
    if (__builtin_add_overflow(outcome.asked, next.asked, &outcome.asked)) {
      return Error(Reason::kOverflow, "values: got more in all than 2^63 - 1 minor units, want less");
    }
    outcome.values.push_back(std::move(next));
  }
  if (outcome.asked > budget && policy == BudgetPolicy::kProRata) {
    const std::vector<int64_t> shares = Shares(budget, values);
    for (size_t i = 0; i < shares.size(); ++i) outcome.values[i].share = std::min(shares[i], outcome.values[i].asked);
  } else {
    int64_t left = budget;
    for (BudgetedValue& one : outcome.values) {
      one.share = std::min(one.asked, left);
      left -= one.share;
    }
  }
  for (size_t i = 0; i < values.size(); ++i) {
    BudgetedValue& one = outcome.values[i];
    one.funded = std::max(one.share, std::min(values[i].issued, one.asked));
    outcome.funded += one.funded;
  }
  outcome.left = std::max<int64_t>(0, budget - outcome.funded);
  outcome.overrun = std::max<int64_t>(0, outcome.funded - budget);
  return outcome;
}

}  // namespace tributary::incentive
