#include "inventory-service/reports/stock_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/money/testing_decimal.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

// 30 came on 05-01 and 20 on 06-10; 24 were sold on 06-05 and 6 on 06-20.
const SiteMovements kMovements = {{Day("2026-05-01"), D("30"), {}, {}},
                                  {Day("2026-06-05"), {}, D("24"), D("24")},
                                  {Day("2026-06-10"), D("20"), {}, {}},
                                  {Day("2026-06-20"), {}, D("6"), D("6")}};
const DateRange kJune{Day("2026-06-01"), Day("2026-07-01")};

TEST(StockReportTest, Ageing) {
  const AgeingRow row = AgeingOf(kMovements, Day("2026-06-30"), {14, 30});
  EXPECT_EQ(row.on_hand, D("20"));
  EXPECT_THAT(row.layers.layers, ElementsAre(AgeLayer{Day("2026-06-10"), D("20")}));
  EXPECT_THAT(row.buckets,
              ElementsAre(AgeBucket{0, 14, D("0")}, AgeBucket{14, 30, D("20")}, AgeBucket{30, std::nullopt, D("0")}));
}

// Balances at the ends of June's days: 4 x 30, 5 x 6, 10 x 26, 11 x 20: 630 / 30 = 21. Sold 30: 10/7.
TEST(StockReportTest, Turnover) {
  const TurnoverRow row = TurnoverOf(kMovements, {kJune});
  EXPECT_EQ(row.sold, D("30"));
  EXPECT_EQ(row.average_on_hand.ToString(), "21");
  EXPECT_EQ(row.turns->ToString(), "10/7");
  // Without 06-05 to 06-15: 4 x 30, 4 x 26, 11 x 20 in 19 days, 6 sold: 6 x 19 / 444.
  const DaySet known = {{kJune.start, Day("2026-06-05")}, {Day("2026-06-16"), kJune.end}};
  const TurnoverRow part = TurnoverOf(kMovements, known);
  EXPECT_EQ(part.sold, D("6"));
  EXPECT_EQ(part.average_on_hand.ToString(), "444/19");
  EXPECT_EQ(part.turns->ToString(), "19/74");
  EXPECT_EQ(TurnoverOf(kMovements, {}).gap, ReportGap::kNoSalesReported);
  EXPECT_EQ(TurnoverOf({{Day("2026-06-02"), {}, D("5"), D("5")}}, {kJune}).gap, ReportGap::kNothingOnHand);
  EXPECT_EQ(TurnoverOf({{Day("2026-06-02"), D("9"), D("-5"), D("-5")}}, {kJune}).gap, ReportGap::kNetReturns);
}

TEST(StockReportTest, DaysOfSupply) {
  const ByDay demand = SoldByDay(kMovements);
  const SupplyRow row = SupplyOf(D("20"), demand, kJune, {kJune});
  EXPECT_EQ(row.demand, D("30"));
  EXPECT_EQ(row.known_days, 30);
  EXPECT_EQ(row.days->ToString(), "20");
  // Of 30 days 5 are not known: 20 x 25 / 24.
  const SupplyRow part =
      SupplyOf(D("20"), demand, kJune, {{kJune.start, Day("2026-06-16")}, {Day("2026-06-21"), kJune.end}});
  EXPECT_EQ(part.demand, D("24"));
  EXPECT_EQ(part.known_days, 25);
  EXPECT_EQ(part.days->ToString(), "125/6");
  EXPECT_EQ(SupplyOf(D("20"), demand, kJune, {{kJune.start, Day("2026-06-05")}}).gap, ReportGap::kNoDemand);
  EXPECT_EQ(SupplyOf(D("20"), demand, kJune, {}).gap, ReportGap::kNoSalesReported);
  EXPECT_EQ(SupplyOf(D("-1"), demand, kJune, {kJune}).gap, ReportGap::kNothingOnHand);
  EXPECT_EQ(SupplyOf(D("1"), {{Day("2026-06-02"), D("-2")}}, kJune, {kJune}).gap, ReportGap::kNetReturns);
}

// What lies there came on 06-10 and was last sold on 06-20. Days that nobody told may have sold it.
TEST(StockReportTest, DeadStock) {
  const auto told = [](const char* to) { return ToldDays{.days = {{Day("2026-04-01"), Day(to)}}}; };
  EXPECT_FALSE(DeadStockOf(kMovements, told("2026-07-20"), 30).has_value());
  const auto dead = DeadStockOf(kMovements, told("2026-07-21"), 30);
  ASSERT_TRUE(dead.has_value());
  EXPECT_EQ(dead->days, 30);
  EXPECT_EQ(dead->on_hand, D("20"));
  EXPECT_EQ(dead->oldest_arrival, Day("2026-06-10"));
  EXPECT_EQ(dead->last_sale, Day("2026-06-20"));
  const ToldDays gap{.days = {{Day("2026-04-01"), Day("2026-06-25")}, {Day("2026-07-01"), Day("2026-07-27")}}};
  EXPECT_FALSE(DeadStockOf(kMovements, gap, 31).has_value());
  EXPECT_EQ(DeadStockOf(kMovements, gap, 30)->days, 30);
  EXPECT_FALSE(DeadStockOf(kMovements, {}, 1).has_value());
  // Never sold, but young; and nothing there.
  const SiteMovements unsold = {{Day("2026-06-10"), D("20"), {}, {}}};
  EXPECT_FALSE(DeadStockOf(unsold, told("2026-07-10"), 30).has_value());
  EXPECT_FALSE(DeadStockOf(unsold, told("2026-07-11"), 30)->last_sale.has_value());
  EXPECT_FALSE(DeadStockOf({{Day("2026-05-10"), D("5"), D("5"), D("5")}}, told("2026-07-21"), 30).has_value());
}

TEST(StockReportTest, StuffingIsJudgedOverReportedQuartersAlone) {
  const DateRange quarter{Day("2026-04-01"), Day("2026-07-01")};
  const ByDay sell_in = {{Day("2026-04-10"), D("60")}, {Day("2026-06-29"), D("90")}};
  const ByDay sell_through = {{Day("2026-04-20"), D("60")}, {Day("2026-06-25"), D("30")}};
  const auto judge = [&](const char* from, const char* to, const ByDay& through = {}) {
    return StuffingOf(quarter, 14, D("2"), sell_in, through.empty() ? sell_through : through,
                      {{quarter, {.days = {{Day(from), Day(to)}}}}});
  };
  const StuffingRow row = judge("2026-03-01", "2026-07-01");
  EXPECT_EQ(row.window_start, Day("2026-06-17"));
  EXPECT_EQ(row.ratio->ToString(), "3");
  EXPECT_TRUE(row.flagged);
  EXPECT_EQ(row.gap, ReportGap::kNone);
  EXPECT_THAT(row.unknown, ElementsAre());
  // Nothing is said of a quarter of which a day is not known.
  EXPECT_EQ(judge("2026-03-01", "2026-06-30").gap, ReportGap::kPeriodNotReported);
  EXPECT_THAT(judge("2026-03-01", "2026-06-30").unknown, ElementsAre(DateRange{Day("2026-06-30"), Day("2026-07-01")}));
  EXPECT_FALSE(judge("2026-03-01", "2026-06-30").flagged);
  EXPECT_EQ(judge("2026-04-02", "2026-08-01").gap, ReportGap::kPeriodNotReported);
  EXPECT_THAT(StuffingOf(quarter, 14, D("2"), sell_in, sell_through, {{quarter, {}}}).unknown, ElementsAre(quarter));
  // A window in which nothing was sold through has no ratio and is flagged all the same.
  const StuffingRow nothing = judge("2026-03-01", "2026-08-01", {{Day("2026-04-20"), D("60")}});
  EXPECT_EQ(nothing.gap, ReportGap::kNoQuotient);
  EXPECT_TRUE(nothing.flagged);
  EXPECT_EQ(judge("2026-03-01", "2026-08-01", {{Day("2026-04-20"), D("-6")}}).gap, ReportGap::kNetReturns);
}

TEST(StockReportTest, WhatIsKnownOfASitesSales) {
  const ToldDays told{.days = {{Day("2026-06-03"), Day("2026-06-10")}, {Day("2026-06-12"), Day("2026-06-21")}},
                      .by_reports = true};
  const KnownSales june = KnownOf("main", told, kJune, Day("2026-06-30"));
  EXPECT_EQ(june.known_by, DemandKnownBy::kReportCoverage);
  EXPECT_EQ(CountOf(june.known), 16);
  EXPECT_THAT(june.unknown, ElementsAre(DateRange{Day("2026-06-01"), Day("2026-06-03")},
                                        DateRange{Day("2026-06-10"), Day("2026-06-12")},
                                        DateRange{Day("2026-06-21"), Day("2026-07-01")}));
  EXPECT_EQ(june.last_day, Day("2026-06-20"));
  EXPECT_TRUE(june.stale);
  EXPECT_FALSE(KnownOf("main", told, kJune, Day("2026-06-20")).stale);
  // All days, from the first one that is told.
  const KnownSales all = KnownOf("main", told, std::nullopt, Day("2026-06-20"));
  EXPECT_EQ(all.asked, (DateRange{Day("2026-06-03"), Day("2026-06-21")}));
  EXPECT_THAT(all.unknown, ElementsAre(DateRange{Day("2026-06-10"), Day("2026-06-12")}));
  const KnownSales none = KnownOf("main", {}, std::nullopt, Day("2026-06-20"));
  EXPECT_EQ(none.known_by, DemandKnownBy::kNothing);
  EXPECT_THAT(none.unknown, ElementsAre());
  EXPECT_FALSE(none.last_day.has_value() || none.stale);
}

}  // namespace
}  // namespace tributary::inventory
