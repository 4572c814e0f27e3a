#include "incentive-service/engine/budget.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "common/money/decimal.h"
#include "common/money/money.h"
#include "common/status/status.h"

namespace tributary::incentive {
namespace {

// An event among those of all partners.
struct Turn {
  Date date;
  std::string place;  // what facts of the partner begin with
  size_t ask = 0;
  int64_t value = 0;
};

std::vector<Turn> TurnsOf(const std::vector<BudgetAsk>& asks) {
  std::vector<Turn> turns;
  for (size_t i = 0; i < asks.size(); ++i) {
    for (const BudgetEvent& event : asks[i].events) {
      turns.push_back({event.date, asks[i].partner + "/", i, event.value});
    }
  }
  std::sort(turns.begin(), turns.end(),
            [](const Turn& a, const Turn& b) { return std::tie(a.date, a.place) < std::tie(b.date, b.place); });
  return turns;
}

void ShareByEvent(int64_t budget, const std::vector<BudgetAsk>& asks, BudgetOutcome* outcome) {
  int64_t left = budget;
  for (const Turn& turn : TurnsOf(asks)) {
    const int64_t paid = std::min(turn.value, left);
    left -= paid;
    outcome->grants[turn.ask].share += paid;
    if (paid < turn.value && !outcome->used_up_on.has_value()) outcome->used_up_on = turn.date;
  }
}

// More is asked for than there is, so that no share is more than its value.
void ShareProRata(int64_t budget, BudgetOutcome* outcome) {
  std::vector<Decimal> weights;
  weights.reserve(outcome->grants.size());
  for (const BudgetGrant& grant : outcome->grants) weights.push_back(Decimal::FromInt(grant.asked));
  const std::vector<int64_t> shares = AllocateLargestRemainder(budget, weights);
  for (size_t i = 0; i < shares.size(); ++i) outcome->grants[i].share = shares[i];
  outcome->factor = Rational::FromInt(budget) / Rational::FromInt(outcome->asked);
}

}  // namespace

std::vector<BudgetEvent> EventsOf(int64_t value, const std::map<Date, Rational>& weights) {
  std::vector<BudgetEvent> events;
  if (value <= 0 || weights.empty()) return events;
  std::vector<std::pair<Date, Rational>> sums;  // up to each day
  Rational sum;
  for (const auto& [day, weight] : weights) {
    sum = sum + weight;
    sums.emplace_back(day, sum);
  }
  if (sum.zero() || sum.negative()) {
    events.push_back({sums.back().first, value});
    return events;
  }
  // What later days leave of them.
  for (size_t i = sums.size() - 1; i > 0; --i) sums[i - 1].second = std::min(sums[i - 1].second, sums[i].second);
  int64_t before = 0;
  for (const auto& [day, left] : sums) {
    if (left.negative()) continue;
    const Rational exact = Rational::FromInt(value) * left / sum;
    const auto up_to = exact.RoundScaled(0, Rounding::kFloor).convert_to<int64_t>();
    if (up_to > before) events.push_back({day, up_to - before});
    before = up_to;
  }
  return events;
}

absl::StatusOr<BudgetOutcome> FundFromBudget(BudgetPolicy policy, int64_t budget, std::vector<BudgetAsk> asks) {
  std::sort(asks.begin(), asks.end(), [](const BudgetAsk& a, const BudgetAsk& b) { return a.partner < b.partner; });
  BudgetOutcome outcome{.factor = Rational::FromInt(1)};
  outcome.grants.reserve(asks.size());
  for (const BudgetAsk& ask : asks) {
    outcome.grants.push_back({.partner = ask.partner, .asked = ask.asked});
    if (__builtin_add_overflow(outcome.asked, ask.asked, &outcome.asked)) {
      return Error(Reason::kOverflow, "values: got more in all than 2^63 - 1 minor units, want less");
    }
  }
  if (outcome.asked <= budget) {
    for (BudgetGrant& grant : outcome.grants) grant.share = grant.asked;
  } else if (policy == BudgetPolicy::kProRata) {
    ShareProRata(budget, &outcome);
  } else {
    ShareByEvent(budget, asks, &outcome);
  }
  for (size_t i = 0; i < asks.size(); ++i) {
    BudgetGrant& grant = outcome.grants[i];
    grant.funded = std::max(grant.share, std::min(asks[i].issued, grant.asked));
    outcome.funded += grant.funded;
  }
  return outcome;
}

}  // namespace tributary::incentive
