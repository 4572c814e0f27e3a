#include "conflict-service/mass_balances/mass_balance.h"

#include <algorithm>
#include <functional>
#include <random>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Decimal Units(int64_t units) { return Decimal::FromInt(units); }

BalanceKey June(std::optional<std::string> lot = "L9") {
  return {.product = "products/x", .lot = std::move(lot), .period = {Day("2026-06-01"), Day("2026-07-01")}};
}

// A partner that had `opening`, got `sell_in`, sold `sold` and has `closing`, by its own reports.
ReconciledGap Reported(const std::string& partner, int opening, int sell_in, int sold, int closing,
                       std::optional<std::string> lot = "L9") {
  return {.name = StrCat("partners/", partner, "/reconciliations/", lot.value_or("all")),
          .partner = StrCat("partners/", partner),
          .product = "products/x",
          .lot = std::move(lot),
          .opening_reported = Units(opening),
          .reported = Units(closing),
          .sell_in = Units(sell_in),
          .sell_through = Units(sold)};
}

std::vector<std::string> Shown(const std::vector<Flow>& flows) {
  std::vector<std::string> shown;
  for (const Flow& flow : flows) {
    shown.push_back(StrCat(flow.from, ">", flow.to, " [", flow.least.ToString(), ", ", flow.most.ToString(), "]"));
  }
  return shown;
}

TEST(MassBalanceTest, WanderingGoods) {
  const MassBalance balance = BalanceOf(
      June(), {Reported("b", 5, 60, 98, 12), Reported("a2", 10, 50, 32, 18), Reported("a1", 20, 100, 59, 21)});
  EXPECT_FALSE(balance.unknown);
  EXPECT_THAT(balance.gaps,
              ElementsAre(PartnerGap{"partners/a1", Units(40), {}}, PartnerGap{"partners/a2", Units(10), {}},
                          PartnerGap{"partners/b", Units(-45), {}}));
  EXPECT_THAT(Shown(balance.flows), ElementsAre("partners/a1>partners/b [35, 40]", "partners/a2>partners/b [5, 10]"));
  EXPECT_EQ(balance.unmatched_shortfall, Units(5));
  EXPECT_EQ(balance.unmatched_surplus, Units(0));
}

TEST(MassBalanceTest, MoreSurplusThanShortfall) {
  EXPECT_THAT(Shown(FlowsBetween({{"a", Units(10)}, {"b", Units(-4)}, {"c", Units(-20)}})),
              ElementsAre("a>b [0, 4]", "a>c [6, 10]"));
  EXPECT_EQ(BalanceOf(June(), {Reported("a", 10, 0, 0, 0), Reported("b", 0, 0, 0, 24)}).unmatched_surplus, Units(14));
}

TEST(MassBalanceTest, AMissingReportIsUnknownAndNotZero) {
  std::vector<ReconciledGap> reports = {Reported("a1", 20, 100, 59, 21), Reported("b", 5, 60, 98, 12)};
  reports[1].reported.reset();
  const MassBalance balance = BalanceOf(June(), reports);
  EXPECT_TRUE(balance.unknown);
  EXPECT_THAT(balance.flows, IsEmpty());
  ASSERT_EQ(balance.gaps.size(), 2u);
  EXPECT_EQ(balance.gaps[1].gap, std::nullopt);
  EXPECT_THAT(balance.gaps[1].missing, ElementsAre("closing report of lot 'L9'"));
  reports[1].opening_reported.reset();
  EXPECT_THAT(BalanceOf(June(), reports).gaps[1].missing,
              ElementsAre("opening report of lot 'L9'", "closing report of lot 'L9'"));
  EXPECT_TRUE(BalanceOf(June(), {}).unknown);
}

TEST(MassBalanceTest, WhoWasNotReconciledIsUnknownAndNotZero) {
  const std::vector<ReconciledGap> reports = {Reported("a1", 20, 100, 59, 21), Reported("b", 5, 60, 98, 12)};
  EXPECT_FALSE(BalanceOf(June(), reports, {"partners/a1", "partners/b"}).unknown);
  for (const std::optional<std::string>& lot : {std::optional<std::string>("L9"), std::optional<std::string>()}) {
    const MassBalance balance = BalanceOf(June(lot), reports, {"partners/absent", "partners/b"});
    EXPECT_TRUE(balance.unknown);
    EXPECT_THAT(balance.flows, IsEmpty());
    EXPECT_THAT(balance.gaps, Contains(PartnerGap{"partners/absent", std::nullopt, {"reconciliation"}}));
  }
  // Who was reconciled of other lots alone has nothing to do with this one.
  EXPECT_FALSE(BalanceOf(June(), {Reported("a", 9, 0, 0, 0), Reported("b", 0, 0, 0, 9, "L8")}, {"partners/b"}).unknown);
}

TEST(MassBalanceTest, WhatIsOnItsWayLiesOnNoShelf) {
  ReconciledGap reconciled = Reported("a", 20, 100, 59, 21);
  reconciled.in_transit = Units(40);
  EXPECT_EQ(GapOf(reconciled), Units(0));
  reconciled.opening_in_transit = Units(3);
  reconciled.transferred_in = Units(7);
  reconciled.transferred_out = Units(2);
  EXPECT_EQ(GapOf(reconciled), Units(8));
}

TEST(MassBalanceTest, Lots) {
  // Who tells no lots is unknown of a lot; who tells others only has nothing to do with it.
  EXPECT_TRUE(BalanceOf(June(), {Reported("a", 9, 0, 0, 0), Reported("b", 0, 0, 0, 9, std::nullopt)}).unknown);
  const MassBalance one = BalanceOf(June(), {Reported("a", 9, 0, 0, 0), Reported("b", 0, 0, 0, 9, "L8")});
  EXPECT_FALSE(one.unknown);
  EXPECT_THAT(one.flows, IsEmpty());
  // All lots of a partner together.
  const MassBalance all = BalanceOf(June(std::nullopt), {Reported("a", 9, 0, 0, 0), Reported("a", 1, 0, 0, 0, "L8"),
                                                         Reported("b", 0, 0, 0, 4, std::nullopt)});
  EXPECT_THAT(Shown(all.flows), ElementsAre("partners/a>partners/b [4, 4]"));
}

TEST(MassBalanceTest, KeysAreTold) {
  EXPECT_EQ(June().id().size(), 32u);
  EXPECT_EQ(June().id(), June().id());
  EXPECT_NE(June().id(), June("").id());
  EXPECT_NE(June("").id(), June(std::nullopt).id());
}

// Every way in which whole units can go from shortfalls to surpluses, such that all of the lesser side is matched.
void EveryWay(std::vector<int> shortfalls, const std::vector<int>& surpluses,
              const std::function<void(const std::vector<std::vector<int>>&)>& visit) {
  const size_t columns = surpluses.size();
  int matched = 0;
  {
    int s = 0, t = 0;
    for (int x : shortfalls) s += x;
    for (int x : surpluses) t += x;
    matched = std::min(s, t);
  }
  std::vector<std::vector<int>> way(shortfalls.size(), std::vector<int>(columns));
  std::vector<int> rows = std::move(shortfalls), left = surpluses;
  const std::function<void(size_t, int)> fill = [&](size_t cell, int sum) {
    if (cell == rows.size() * columns) {
      if (sum == matched) visit(way);
      return;
    }
    const size_t row = cell / columns, column = cell % columns;
    const int most = std::min(rows[row], left[column]);
    for (int units = 0; units <= most; ++units) {
      way[row][column] = units;
      rows[row] -= units;
      left[column] -= units;
      fill(cell + 1, sum + units);
      rows[row] += units;
      left[column] += units;
    }
    way[row][column] = 0;
  };
  fill(0, 0);
}

// The bounds hold in every way of the goods, and there is a way for each of them.
TEST(MassBalancePropertyTest, BoundsAreExact) {
  std::mt19937 random(18);
  for (int round = 0; round < 300; ++round) {
    const auto some = [&random] {
      std::vector<int> units(1 + random() % 3);
      for (int& one : units) one = 1 + static_cast<int>(random() % 5);
      return units;
    };
    const std::vector<int> shortfalls = some(), surpluses = some();
    std::map<std::string, Decimal> gaps;
    for (size_t i = 0; i < shortfalls.size(); ++i) gaps[StrCat("s", i)] = Units(shortfalls[i]);
    for (size_t i = 0; i < surpluses.size(); ++i) gaps[StrCat("t", i)] = Units(-surpluses[i]);
    gaps["zero"] = Decimal();

    std::vector<std::vector<int>> least(shortfalls.size(), std::vector<int>(surpluses.size(), 1000)), most = least;
    for (auto& row : most) std::fill(row.begin(), row.end(), -1);
    EveryWay(shortfalls, surpluses, [&](const std::vector<std::vector<int>>& way) {
      for (size_t i = 0; i < way.size(); ++i) {
        for (size_t j = 0; j < way[i].size(); ++j) {
          least[i][j] = std::min(least[i][j], way[i][j]);
          most[i][j] = std::max(most[i][j], way[i][j]);
        }
      }
    });
    std::vector<std::string> expected;
    for (size_t i = 0; i < shortfalls.size(); ++i) {
      for (size_t j = 0; j < surpluses.size(); ++j) {
        expected.push_back(StrCat("s", i, ">t", j, " [", least[i][j], ", ", most[i][j], "]"));
      }
    }
    ASSERT_EQ(Shown(FlowsBetween(gaps)), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace tributary::conflict
