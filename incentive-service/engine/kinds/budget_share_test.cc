#include "incentive-service/engine/kinds/budget_share.h"

#include <algorithm>
#include <map>
#include <random>

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

BudgetClaim Claim(int day, std::string fact, int64_t earned, int64_t issued = 0) {
  return {Date::FromDays(20'000 + day), std::move(fact), earned, issued};
}

TEST(BudgetShareTest, SharesWhatThereIs) {
  constexpr BudgetPolicy kProRata = BudgetPolicy::kProRata, kByEvent = BudgetPolicy::kByEvent;
  const struct {
    const char* what;
    BudgetPolicy policy;
    int64_t budget;
    std::vector<BudgetClaim> claims;
    std::vector<int64_t> shares;
    int64_t overrun;
  } kCases[] = {
      {"enough", kProRata, 100, {Claim(1, "a", 60), Claim(2, "b", 40)}, {60, 40}, 0},
      {"half of all", kProRata, 50, {Claim(1, "a", 60), Claim(2, "b", 40)}, {30, 20}, 0},
      {"the odd cent by date, then fact",
       kProRata,
       10,
       {Claim(2, "a", 9), Claim(1, "c", 9), Claim(1, "b", 9)},
       {3, 3, 4},
       0},
      {"first come by date", kByEvent, 70, {Claim(2, "a", 60), Claim(1, "b", 40)}, {30, 40}, 0},
      {"then by fact", kByEvent, 70, {Claim(1, "b", 40), Claim(1, "a", 60)}, {10, 60}, 0},
      {"enough for each", kByEvent, 100, {Claim(1, "b", 40), Claim(1, "a", 60)}, {40, 60}, 0},
      {"nothing left", kByEvent, 0, {Claim(1, "a", 60)}, {0}, 0},
      // A late claim lowers the others' parts, but not below what they were issued.
      {"issued money stays", kProRata, 60, {Claim(1, "a", 60, 60), Claim(2, "b", 40)}, {60, 0}, 0},
      {"the rest is shared by the rest",
       kProRata,
       100,
       {Claim(1, "a", 80, 80), Claim(2, "b", 30), Claim(3, "c", 90)},
       {80, 5, 15},
       0},
      {"an earlier event does not take it", kByEvent, 60, {Claim(2, "a", 60, 60), Claim(1, "b", 40)}, {60, 0}, 0},
      {"issued beyond the budget", kProRata, 50, {Claim(1, "a", 60, 60), Claim(2, "b", 40, 10)}, {60, 10}, 20},
      // What is no longer earned was a correction, not a re-ranking.
      {"a return takes its own", kProRata, 100, {Claim(1, "a", 20, 60), Claim(2, "b", 40)}, {20, 40}, 0},
      {"nobody", kProRata, 100, {}, {}, 0},
  };
  for (const auto& c : kCases) {
    const BudgetShares shared = ShareBudget(c.budget, c.policy, c.claims);
    EXPECT_EQ(shared.shares, c.shares) << c.what;
    EXPECT_EQ(shared.overrun, c.overrun) << c.what;
  }
}

// Any claims, in any order: the same shares; never more than earned, never less than issued (of what is earned), and
// beyond the budget only what was issued.
TEST(BudgetShareTest, NoOrderLeavesATrace) {
  for (uint64_t seed = 1; seed <= 5000 && !HasFailure(); ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    std::vector<BudgetClaim> claims;
    for (int64_t i = pick(0, 8); i > 0; --i) {
      claims.push_back(
          Claim(static_cast<int>(pick(0, 2)), StrCat("f", i), pick(0, 50), pick(0, 2) == 0 ? pick(0, 60) : 0));
    }
    const int64_t budget = pick(0, 200);
    const BudgetPolicy policy = pick(0, 1) == 0 ? BudgetPolicy::kProRata : BudgetPolicy::kByEvent;
    const BudgetShares shared = ShareBudget(budget, policy, claims);
    int64_t issued = 0;
    std::map<std::string, int64_t> by_fact;
    for (size_t i = 0; i < claims.size(); ++i) {
      EXPECT_LE(shared.shares[i], claims[i].earned);
      EXPECT_GE(shared.shares[i], std::min(claims[i].issued, claims[i].earned));
      issued += std::min(claims[i].issued, claims[i].earned);
      by_fact[claims[i].fact] = shared.shares[i];
    }
    EXPECT_LE(shared.paid, std::max(budget, issued));
    EXPECT_EQ(shared.overrun, std::max<int64_t>(shared.paid - budget, 0));
    std::shuffle(claims.begin(), claims.end(), random);
    const BudgetShares again = ShareBudget(budget, policy, claims);
    for (size_t i = 0; i < claims.size(); ++i) EXPECT_EQ(again.shares[i], by_fact[claims[i].fact]);
  }
}

}  // namespace
}  // namespace tributary::incentive
