// Random histories of a budget: allocation >= approved requests >= claims, and no money comes or goes.

#include <algorithm>
#include <random>
#include <vector>

#include "incentive-service/claims/testing_funds.h"

namespace tributary::incentive {
namespace {

struct World {
  Budget budget;
  FundAllocation allocation;
  std::vector<FundRequest> requests;
  std::vector<Claim> claims;
  int64_t paid = 0;  // to the wallet
};

void Check(const World& world) {
  ASSERT_EQ(world.budget.allocated, world.allocation.amount);
  ASSERT_LE(world.budget.allocated, world.budget.amount);
  int64_t requested = 0, paid = 0;
  for (const FundRequest& request : world.requests) {
    requested += request.approved - request.returned;
    int64_t pending = 0, claimed = 0;
    for (const Claim& claim : world.claims) {
      if (claim.fund_request != request.id) continue;
      pending += claim.state == ClaimState::kSubmitted ? claim.amount : 0;
      claimed += claim.approved;
      paid += claim.state == ClaimState::kPaid ? claim.approved : 0;
    }
    ASSERT_EQ(pending, request.pending);
    ASSERT_EQ(claimed, request.claimed);
    ASSERT_GE(request.available(), 0);
    if (request.state == FundRequestState::kClosed) {
      ASSERT_EQ(request.available(), 0);
    }
  }
  ASSERT_EQ(requested, world.allocation.requested);
  ASSERT_GE(world.allocation.available(), 0);
  ASSERT_EQ(paid, world.paid);
}

TEST(FundsPropertyTest, EachLevelStaysWithinTheOneAbove) {
  const absl::Time now = NoonOn("2026-05-20");
  const Date today = DayOf("2026-05-20");
  int over = 0, closed = 0, paid = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    World world{YearBudget(), AllocationOfP2(), {}, {}, 0};
    world.budget.amount = 1000;
    world.budget.allocated = world.allocation.amount = 800;
    const auto a_request = [&]() -> FundRequest& {
      return world.requests[static_cast<size_t>(pick(0, static_cast<int64_t>(world.requests.size()) - 1))];
    };
    for (int step = 0; step < 100 && !::testing::Test::HasFatalFailure(); ++step) {
      const int64_t what = pick(0, 9);
      const std::string principal = pick(0, 5) == 0 ? "clerk" : "manager";
      if (what == 0) {
        if (auto changed = Allocate(world.budget, world.allocation, pick(1, 1200), now); changed.ok()) {
          world.budget = changed->budget;
          world.allocation = changed->allocation;
        }
      } else if (what == 1 || world.requests.empty()) {
        world.requests.push_back(RequestOf(StrCat("r", world.requests.size()), pick(1, 500)));
      } else if (what <= 3) {
        FundRequest& request = a_request();
        const auto decided = Approve(request, world.allocation, world.budget, pick(1, 500), "", principal, now);
        over += ReasonOf(decided.status()) == Reason::kOverBudget;
        if (decided.ok()) {
          ASSERT_NE(decided->request.decider, request.requester);
          request = decided->request;
          world.allocation = decided->allocation;
        }
      } else if (what == 4) {
        FundRequest& request = a_request();
        if (const auto ended = Close(request, world.allocation, now); ended.ok()) {
          request = ended->request;
          world.allocation = ended->allocation;
          ++closed;
        }
      } else if (what <= 6) {
        FundRequest& request = a_request();
        Claim claim = ClaimOf(StrCat("c", world.claims.size()), pick(1, 200));
        claim.fund_request = request.id;
        const auto submitted = Submit(claim, request, today, now);
        over += ReasonOf(submitted.status()) == Reason::kOverBudget;
        if (submitted.ok()) {
          request = submitted->request;
          world.claims.push_back(submitted->claim);
        }
      } else if (!world.claims.empty()) {
        Claim& claim = world.claims[static_cast<size_t>(pick(0, static_cast<int64_t>(world.claims.size()) - 1))];
        FundRequest& request = *std::find_if(world.requests.begin(), world.requests.end(),
                                             [&](const FundRequest& one) { return one.id == claim.fund_request; });
        if (what == 7) {
          const auto made = Pay(claim, today, pick(0, 4) == 0 ? principal : "finance", today, now);
          if (!made.ok()) continue;
          claim = made->claim;
          world.paid += made->lot.amount;
          ++paid;
        } else {
          const int64_t how = pick(0, 3);
          const auto decided = how == 0   ? Reject(claim, request, "no", principal, now)
                               : how == 1 ? Withdraw(claim, request, now)
                                          : Approve(claim, request, pick(1, 200), "part", principal, now);
          if (decided.ok()) {
            claim = decided->claim;
            request = decided->request;
          }
        }
      }
      Check(world);
    }
    if (::testing::Test::HasFatalFailure()) return;
  }
  // The histories go where it matters.
  EXPECT_GT(over, 1000);
  EXPECT_GT(closed, 1000);
  EXPECT_GT(paid, 300);
}

}  // namespace
}  // namespace tributary::incentive
