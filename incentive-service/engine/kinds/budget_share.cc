#include "incentive-service/engine/kinds/budget_share.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/numeric/int128.h"
#include "common/money/rational.h"
#include "incentive-service/engine/shares.h"

namespace tributary::incentive {
namespace {

// What the policy gives the claims of these places, in order, from so much.
std::vector<int64_t> Given(int64_t budget, BudgetPolicy policy, absl::Span<const BudgetClaim> claims,
                           const std::vector<size_t>& places) {
  std::vector<int64_t> earned;
  for (const size_t place : places) earned.push_back(claims[place].earned);
  if (policy == BudgetPolicy::kByEvent) {
    for (int64_t& amount : earned) {
      amount = std::min(amount, budget);
      budget -= amount;
    }
    return earned;
  }
  absl::int128 sum = 0;
  std::vector<Rational> weights;
  for (const int64_t amount : earned) {
    sum += amount;
    weights.push_back(Rational::FromInt(amount));
  }
  return sum > budget ? ShareOut(budget, weights) : earned;
}

}  // namespace

BudgetShares ShareBudget(int64_t budget, BudgetPolicy policy, absl::Span<const BudgetClaim> claims) {
  std::vector<size_t> open(claims.size());
  std::iota(open.begin(), open.end(), size_t{0});
  std::sort(open.begin(), open.end(), [&](size_t a, size_t b) {
    return std::tie(claims[a].basis_date, claims[a].fact) < std::tie(claims[b].basis_date, claims[b].fact);
  });
  BudgetShares result;
  result.shares.assign(claims.size(), 0);
  int64_t left = budget;
  // Those that keep what they were issued leave; what they keep is no longer there for the others, so ask again.
  for (bool settled = false; !settled;) {
    settled = true;
    const std::vector<int64_t> given = Given(left, policy, claims, open);
    std::vector<size_t> others;
    int64_t kept = 0;
    for (size_t i = 0; i < open.size(); ++i) {
      const BudgetClaim& claim = claims[open[i]];
      const int64_t keeps = std::min(claim.issued, claim.earned);
      result.shares[open[i]] = std::max(given[i], keeps);
      if (keeps > given[i]) {
        kept += keeps;
        settled = false;
      } else {
        others.push_back(open[i]);
      }
    }
    if (settled) break;
    left = std::max<int64_t>(left - kept, 0);
    open = std::move(others);
  }
  for (const int64_t share : result.shares) result.paid += share;
  result.overrun = std::max<int64_t>(result.paid - budget, 0);
  return result;
}

}  // namespace tributary::incentive
