#include "inventory-service/movements/movement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Date June(int day) { return Date::FromYmd(2026, 6, day).value(); }
DayMovement In(int day, int units) { return {June(day), Decimal::FromInt(units), {}, {}}; }
DayMovement Out(int day, int units) { return {June(day), {}, Decimal::FromInt(units), Decimal::FromInt(units)}; }

// "06-01:5 06-03:2 -1"
std::string Text(const AgeLayers& layers) {
  std::string text;
  for (const AgeLayer& layer : layers.layers) {
    text += layer.received.ToString().substr(5) + ":" + layer.quantity.ToString() + " ";
  }
  if (!layers.uncovered.zero()) text += "-" + layers.uncovered.ToString();
  return text;
}

// "06-01..06-05 06-07..06-09".
std::string Text(const DaySet& days) {
  std::string text;
  for (const DateRange& range : days) {
    text += (text.empty() ? "" : " ") + range.start.ToString().substr(5) + ".." + range.end.ToString().substr(5);
  }
  return text;
}
DateRange FromTo(int from, int to) { return {June(from), June(to)}; }  // to: the day after

// In any order, twice, overlapping, touching and empty.
TEST(MovementTest, DaysAreJoined) {
  const struct {
    std::vector<DateRange> ranges;
    const char* days;
  } kCases[] = {{{}, ""},
                {{FromTo(3, 3), FromTo(9, 7)}, ""},
                {{FromTo(3, 5), FromTo(3, 5)}, "06-03..06-05"},
                {{FromTo(5, 8), FromTo(3, 5)}, "06-03..06-08"},
                {{FromTo(3, 9), FromTo(4, 5), FromTo(8, 10)}, "06-03..06-10"},
                {{FromTo(3, 5), FromTo(6, 8), FromTo(10, 12)}, "06-03..06-05 06-06..06-08 06-10..06-12"}};
  for (const auto& c : kCases) {
    std::vector<DateRange> ranges = c.ranges;
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(Text(Joined(ranges)), c.days);
      if (!ranges.empty()) std::rotate(ranges.begin(), ranges.begin() + 1, ranges.end());
    }
  }
}

TEST(MovementTest, DaysWithinARangeAndDaysMissing) {
  const DaySet days = {FromTo(3, 5), FromTo(8, 10)};
  const struct {
    DateRange range;
    const char* within;
    const char* missing;
    int count;
  } kCases[] = {{FromTo(1, 12), "06-03..06-05 06-08..06-10", "06-01..06-03 06-05..06-08 06-10..06-12", 4},
                {FromTo(3, 10), "06-03..06-05 06-08..06-10", "06-05..06-08", 4},
                {FromTo(4, 9), "06-04..06-05 06-08..06-09", "06-05..06-08", 2},
                {FromTo(8, 9), "06-08..06-09", "", 1},
                {FromTo(5, 8), "", "06-05..06-08", 0},
                {FromTo(12, 14), "", "06-12..06-14", 0},
                {FromTo(4, 4), "", "", 0}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(Within(days, c.range)), c.within);
    EXPECT_EQ(Text(Missing(days, c.range)), c.missing);
    EXPECT_EQ(CountOf(Within(days, c.range)), c.count);
  }
}

// A site owes nothing before its first movement and from its closing on.
TEST(MovementTest, WhatSitesDidNotTell) {
  const SiteTold main{FromTo(1, 30), {.days = {FromTo(1, 10), FromTo(12, 20)}}};
  const SiteTold north{FromTo(11, 15), {.days = {FromTo(11, 13)}}};
  EXPECT_EQ(Text(UntoldOf({main}, FromTo(1, 20))), "06-10..06-12");
  EXPECT_EQ(Text(UntoldOf({main}, FromTo(1, 22))), "06-10..06-12 06-20..06-22");
  EXPECT_EQ(Text(UntoldOf({main, north}, FromTo(1, 20))), "06-10..06-12 06-13..06-15");
  EXPECT_EQ(Text(UntoldOf({north}, FromTo(1, 12))), "");
  EXPECT_EQ(Text(UntoldOf({{FromTo(5, 30), {}}}, FromTo(1, 8))), "06-05..06-08");
}

// Buckets of one site are one stock; in transit is not there yet; another site is another stock.
TEST(MovementTest, BooksOfSites) {
  const std::vector<PlaceMovement> movements = {{"bike", "@vendor", "main/in_transit", June(1), D("10")},
                                                {"bike", "main/in_transit", "main", June(3), D("8")},
                                                {"bike", "main", "main/reserved", June(4), D("3")},
                                                {"bike", "main/reserved", "@customer", June(5), D("3")},
                                                {"bike", "main", "@customer", June(5), D("1")},
                                                {"bike", "@customer", "main", June(5), D("0.5")},
                                                {"bike", "main", "north", June(6), D("2")},
                                                {"bike", "main", "@scrap", June(7), D("1")},
                                                {"pump", "@vendor", "main", June(1), D("4")}};
  const auto books = BooksOf(movements);
  ASSERT_EQ(books.size(), 3u);
  const SiteBook& main = books.at({"main", "bike"});
  EXPECT_THAT(main.movements,
              ElementsAre(DayMovement{June(3), D("8"), {}, {}}, DayMovement{June(5), D("0.5"), D("4"), D("3.5")},
                          DayMovement{June(6), {}, D("2"), {}}, DayMovement{June(7), {}, D("1"), {}}));
  EXPECT_EQ(main.on_hand, D("1.5"));
  EXPECT_EQ(main.in_transit, D("2"));
  EXPECT_THAT(main.sent, ElementsAre(Pair(June(1), D("10"))));
  EXPECT_THAT(books.at({"north", "bike"}).sent, ElementsAre(Pair(June(6), D("2"))));
  EXPECT_EQ(BalanceOf(main.movements), D("1.5"));
  EXPECT_EQ(books.at({"north", "bike"}).on_hand, D("2"));
  EXPECT_THAT(books.at({"north", "bike"}).movements, ElementsAre(DayMovement{June(6), D("2"), {}, {}}));
  EXPECT_EQ(books.at({"main", "pump"}).on_hand, D("4"));
  EXPECT_THAT(BooksOf({}), IsEmpty());
}

// The order and the pieces in which postings are read leave no trace.
TEST(MovementTest, BooksAreTheSameInAnyOrderAndAnyPieces) {
  std::mt19937 random(20260602);
  const char* kPlaces[] = {"@vendor", "main/in_transit", "main", "main/reserved", "@customer", "north", "@scrap"};
  const auto text = [](const std::map<SiteProduct, SiteBook>& books) {
    std::string out;
    for (const auto& [key, book] : books) {
      out += key.site + " " + key.product + " " + book.on_hand.ToString() + " " + book.in_transit.ToString();
      for (const DayMovement& day : book.movements) {
        out +=
            " " + day.date.ToString() + "=" + day.in.ToString() + "," + day.out.ToString() + "," + day.sold.ToString();
      }
      out += "\n";
    }
    return out;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<PlaceMovement> whole;
    std::vector<PlaceMovement> pieces;
    for (int i = 0; i < 30; ++i) {
      PlaceMovement one{random() % 2 == 0 ? "bike" : "pump", kPlaces[random() % 7], kPlaces[random() % 7],
                        June(1 + static_cast<int>(random() % 9)),
                        Decimal::FromInt(static_cast<int>(random() % 40) - 10)};
      whole.push_back(one);
      const Decimal part = Decimal::FromInt(static_cast<int>(random() % 5));
      one.quantity -= part;
      pieces.push_back(one);
      one.quantity = part;
      pieces.push_back(one);
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    ASSERT_EQ(text(BooksOf(pieces)), text(BooksOf(whole)));
  }
}

TEST(MovementTest, WhatCameFirstLeavesFirst) {
  const struct {
    const char* what;
    SiteMovements movements;
    const char* layers;
  } kCases[] = {
      {"nothing", {}, ""},
      {"two arrivals, a part sold", {In(1, 5), In(3, 4), Out(4, 3)}, "06-01:2 06-03:4 "},
      {"a sale over a layer's end", {In(1, 5), In(3, 4), Out(4, 6)}, "06-03:3 "},
      {"all sold", {In(1, 5), Out(1, 5)}, ""},
      {"sold before it came", {Out(1, 7), In(2, 4)}, "-3"},
      {"what comes next covers it", {Out(1, 7), In(2, 4), In(3, 5)}, "06-03:2 "},
      {"of a day, what came counts before what left", {In(1, 5), {June(2), D("3"), D("6"), D("6")}}, "06-02:2 "},
      {"goods that go back to the vendor are the oldest", {In(1, 5), In(2, 4), In(3, -6)}, "06-02:3 "},
      {"goods that a customer brings back are as old as their return", {In(1, 5), Out(2, 5), Out(4, -2)}, "06-04:2 "},
      {"taken back on its own day", {In(1, 5), {June(2), D("0"), D("0"), D("0")}}, "06-01:5 "},
  };
  for (const auto& c : kCases) EXPECT_EQ(Text(FifoLayers(c.movements)), c.layers) << c.what;
}

// 1,000, 5,000 and 3,000 came, 2,500 were sold: what is left is 3,500 of the second and all of the third.
TEST(MovementTest, LayersOfADistributor) {
  const SiteMovements movements = {
      {Day("2026-03-15"), D("1000"), {}, {}},      {Day("2026-04-01"), D("5000"), {}, {}},
      {Day("2026-05-01"), D("3000"), {}, {}},      {Day("2026-05-20"), {}, D("2000"), D("2000")},
      {Day("2026-06-03"), {}, D("250"), D("250")}, {Day("2026-06-08"), {}, D("250"), D("250")}};
  EXPECT_THAT(FifoLayers(movements).layers,
              ElementsAre(AgeLayer{Day("2026-04-01"), D("3500")}, AgeLayer{Day("2026-05-01"), D("3000")}));
  EXPECT_EQ(BalanceOf(movements), D("6500"));
}

// Layers of any history: oldest first, never both a layer and something uncovered, and their sum is the balance.
TEST(MovementTest, LayersAddUpToTheBalanceAfterAnyHistory) {
  std::mt19937 random(20260601);
  for (int round = 0; round < 2000; ++round) {
    SiteMovements movements;
    for (int day = 1; day <= 28; ++day) {
      if (random() % 2 == 0) continue;
      movements.push_back({June(day),
                           Decimal::FromMicros(static_cast<int64_t>(random() % 9000001) - 3000000),
                           Decimal::FromMicros(static_cast<int64_t>(random() % 9000001) - 3000000),
                           {}});
    }
    const AgeLayers layers = FifoLayers(movements);
    Decimal sum;
    for (const AgeLayer& layer : layers.layers) sum += layer.quantity;
    ASSERT_EQ(sum - layers.uncovered, BalanceOf(movements));
    ASSERT_TRUE(layers.layers.empty() || layers.uncovered.zero());
    ASSERT_TRUE(std::is_sorted(layers.layers.begin(), layers.layers.end(),
                               [](const AgeLayer& a, const AgeLayer& b) { return a.received < b.received; }));
    ASSERT_TRUE(std::all_of(layers.layers.begin(), layers.layers.end(),
                            [](const AgeLayer& layer) { return Decimal() < layer.quantity; }));
  }
}

TEST(MovementTest, BucketsOfDays) {
  const std::vector<AgeLayer> layers = {{Day("2026-01-01"), D("7")},
                                        {Day("2026-05-01"), D("2")},
                                        {Day("2026-05-02"), D("1.5")},
                                        {Day("2026-05-31"), D("4")}};
  const auto buckets = AgeBuckets(layers, Day("2026-05-31"), {30, 60});
  EXPECT_THAT(buckets,
              ElementsAre(AgeBucket{0, 30, D("5.5")}, AgeBucket{30, 60, D("2")}, AgeBucket{60, std::nullopt, D("7")}));
  EXPECT_THAT(AgeBuckets(layers, Day("2026-05-31"), {}), ElementsAre(AgeBucket{0, std::nullopt, D("14.5")}));
}

TEST(MovementTest, TheAverageIsOverTheEndsOfDays) {
  // 10 from before, 10 + 20 from the 2nd, 25 from the 3rd: (10 + 30 + 25) / 3.
  const SiteMovements movements = {{Day("2026-05-01"), D("10"), {}, {}}, In(2, 20), Out(3, 5), In(4, 1000)};
  EXPECT_EQ(AverageOnHand(movements, {FromTo(1, 4)}).ToString(), "65/3");
  EXPECT_EQ(AverageOnHand({}, {FromTo(1, 4)}).ToString(), "0");
  EXPECT_EQ(AverageOnHand(movements, {}).ToString(), "0");
  // Without the 2nd: (10 + 25) / 2.
  EXPECT_EQ(AverageOnHand(movements, {FromTo(1, 2), FromTo(3, 4)}).ToString(), "35/2");
  EXPECT_EQ(SoldWithin(movements, {FromTo(1, 4)}), D("5"));
  EXPECT_EQ(SoldWithin(movements, {FromTo(1, 3)}), D("0"));
  EXPECT_EQ(SoldWithin(movements, {FromTo(1, 2), FromTo(3, 4)}), D("5"));
  EXPECT_EQ(SoldWithin(movements, {FromTo(1, 3), FromTo(4, 6)}), D("0"));
}

TEST(MovementTest, DaysOfSupply) {
  EXPECT_EQ(DaysOfSupply(D("40"), D("7"), 91)->ToString(), "520");
  EXPECT_EQ(DaysOfSupply(D("1"), D("3"), 10)->ToString(), "10/3");
  EXPECT_FALSE(DaysOfSupply(D("40"), D("0"), 91).has_value());
  EXPECT_FALSE(DaysOfSupply(D("0"), D("7"), 91).has_value());
  EXPECT_FALSE(DaysOfSupply(D("-4"), D("7"), 91).has_value());
}

TEST(MovementTest, StuffingIsSellInAgainstSellThroughBeforeThePeriodEnds) {
  const struct {
    const char* what;
    int window_in, window_through, rest_in, rest_through;
    const char* ratio;  // "" where there is none
    bool flagged;       // at 2
  } kCases[] = {
      {"as always", 30, 30, 60, 60, "1", false},
      {"just twice", 60, 30, 60, 60, "2", true},
      {"a little less", 59, 30, 60, 60, "59/30", false},
      {"three times while sales fall", 90, 15, 60, 60, "6", true},
      {"nothing sold in the window", 90, 0, 60, 60, "", true},
      {"nothing sold in, nothing sold", 0, 0, 60, 60, "", false},
      {"nothing sold in during the rest", 90, 30, 0, 60, "", true},
      {"nothing sold during the rest", 90, 30, 60, 0, "", false},
      {"nothing sold in in the window", 0, 30, 60, 60, "0", false},
  };
  for (const auto& c : kCases) {
    const StuffingSign sign =
        SignOf({Decimal::FromInt(c.window_in), Decimal::FromInt(c.window_through)},
               {Decimal::FromInt(c.rest_in), Decimal::FromInt(c.rest_through)}, Decimal::FromInt(2));
    EXPECT_EQ(sign.ratio.has_value() ? sign.ratio->ToString() : "", c.ratio) << c.what;
    EXPECT_EQ(sign.flagged, c.flagged) << c.what;
  }
}

}  // namespace
}  // namespace tributary::inventory
