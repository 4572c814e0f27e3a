#include "inventory-service/supply/availability.h"

#include <gtest/gtest.h>

#include <random>

namespace tributary::inventory {
namespace {

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }
Decimal N(int n) { return Decimal::FromInt(n); }

TEST(AvailabilityTest, TheStockOfScenarioS2) {
  SupplyBook book{.supplied = {{Day("04-01"), N(90)}, {Day("04-20"), N(60)}}};
  EXPECT_EQ(book.AvailableFor(Day("03-31")), N(0));
  EXPECT_EQ(book.AvailableFor(Day("04-01")), N(90));
  EXPECT_EQ(book.EarliestFor(N(100), Day("04-01")), Day("04-20"));
  EXPECT_FALSE(book.EarliestFor(N(151), Day("04-01")).has_value());
  book.promised = {{Day("04-01"), N(90)}, {Day("04-23"), N(12)}};
  EXPECT_EQ(book.AvailableFor(Day("04-19")), N(0));
  EXPECT_EQ(book.AvailableFor(Day("04-20")), N(48));
  EXPECT_EQ(book.AvailableFor(Day("05-01")), N(48));
  EXPECT_TRUE(book.Holds());
}

TEST(AvailabilityTest, APromiseForLaterIsNotGivenAwayBefore) {
  const SupplyBook book{.supplied = {{Day("04-01"), N(100)}, {Day("05-01"), N(10)}},
                        .promised = {{Day("05-02"), N(80)}}};
  EXPECT_EQ(book.AvailableFor(Day("04-01")), N(30));
  EXPECT_EQ(book.AvailableFor(Day("05-01")), N(30));
  EXPECT_EQ(DaysOf(book).size(), 3u);
  EXPECT_EQ(DaysOf(book)[0].available, N(30));
  EXPECT_EQ(DaysOf(book)[2].supplied, N(110));
  EXPECT_EQ(DaysOf(book)[2].promised, N(80));
  EXPECT_FALSE((SupplyBook{.promised = {{Day("05-02"), N(1)}}}).Holds());
}

TEST(AvailabilityPropertyTest, WhatIsAvailableCanBePromisedAndNoMore) {
  std::mt19937 random(7);
  const auto upto = [&](int n) { return static_cast<int>(random() % n); };
  for (int run = 0; run < 2000; ++run) {
    SupplyBook book;
    for (int i = 0; i < 4; ++i) book.supplied[Date::FromDays(upto(10))] += N(upto(50));
    for (int i = 0; i < 20; ++i) {
      const Date day = Date::FromDays(upto(12));
      const Decimal available = book.AvailableFor(day);
      SupplyBook more = book;
      more.promised[day] += available + N(1);
      ASSERT_FALSE(more.Holds());
      book.promised[day] += N(upto(static_cast<int>(static_cast<int64_t>(available.micros()) / Decimal::kUnit) + 1));
      ASSERT_TRUE(book.Holds());
    }
  }
}

}  // namespace
}  // namespace tributary::inventory
