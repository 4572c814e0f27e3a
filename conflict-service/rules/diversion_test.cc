#include "conflict-service/rules/diversion.h"

#include <algorithm>

#include "common/money/testing_decimal.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const BalanceKey kJune{.product = "products/x", .lot = "L9", .period = {Day("2026-06-01"), Day("2026-07-01")}};
const Flow kMuch{"partners/a1", "partners/b", D(35), D(40)};
const Flow kLittle{"partners/a2", "partners/b", D(5), D(10)};
const MassBalance kBalance{.gaps = {{"partners/a1", D(40), {}}, {"partners/b", D(-45), {}}}, .flows = {kMuch, kLittle}};

// A unit of a1's that was seen in b's territory.
OutsideUnit Outside(const std::string& serial, const char* date = "2026-06-20", const std::string& lot = "L9") {
  return {.serial = serial,
          .lot = lot,
          .owner = "partners/a1",
          .region = "regions/cn-4401",
          .territory = "regions/cn-44",
          .at_home = {"partners/b"},
          .date = Day(date)};
}

SeenOutside Serials(std::set<std::string> serials) {
  return {.serials = std::move(serials),
          .regions = {"regions/cn-44"},
          .at_home = {"partners/b"},
          .last = Day("2026-06-20")};
}

TEST(DiversionOddsTest, TableOfEvidence) {
  struct Case {
    Flow flow;
    size_t serials;
    int64_t decibans, more_needed;
    bool convicts;
  };
  const DiversionPolicy policy;
  for (const auto& [flow, serials, decibans, more_needed, convicts] : std::vector<Case>{
           {kMuch, 0, -5, 3, false},
           {kMuch, 2, 7, 1, false},
           {kMuch, 3, 13, 0, true},
           {kLittle, 0, -20, 5, false},
           {kLittle, 4, 4, 1, false},
           {kLittle, 5, 10, 0, true},  // at the threshold
       }) {
    SCOPED_TRACE(StrCat(flow.from, " ", serials));
    const DiversionOdds odds = OddsOf(flow, serials, policy);
    EXPECT_EQ(odds.decibans, decibans);
    EXPECT_EQ(odds.more_needed, more_needed);
    EXPECT_EQ(odds.convicts, convicts);
  }
}

TEST(DiversionOddsTest, SoManyMoreMakeItAFinding) {
  for (int threshold = -30; threshold <= 60; ++threshold) {
    for (int each = 1; each <= 9; ++each) {
      DiversionPolicy policy;
      policy.threshold_decibans = threshold;
      policy.outside_serial_decibans = each;
      for (size_t serials = 0; serials < 5; ++serials) {
        const int64_t more = OddsOf(kMuch, serials, policy).more_needed;
        EXPECT_TRUE(OddsOf(kMuch, serials + more, policy).convicts);
        if (more > 0) {
          EXPECT_FALSE(OddsOf(kMuch, serials + more - 1, policy).convicts);
        }
      }
    }
  }
}

TEST(DiversionTest, OneStrayScanConvictsNobody) {
  EXPECT_EQ(Diversion(kJune, kBalance, kMuch, Serials({"s1", "s2"}), {}), std::nullopt);
  EXPECT_THAT(Explain(kJune, kBalance, kMuch, Serials({"s1", "s2"}), {}),
              HasSubstr("35 to 40 went from the one to the other. Decibans: prior -20; balance +15 (at least 35, want "
                        "10); 2 of the one's units seen in the other's territory (s1, s2 in regions/cn-44) +12; sum "
                        "+7, threshold +10. 1 more needed."));
  const auto found = Diversion(kJune, kBalance, kMuch, Serials({"s1", "s2", "s3"}), {});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->subjects, ElementsAre(kJune.name(), "partners/a1", "partners/b"));
  EXPECT_EQ(found->rule_version, "diversion.0");
  EXPECT_THAT(found->explanation, HasSubstr("sum +13"));
  EXPECT_THAT(found->explanation, Not(HasSubstr("more needed")));
  ASSERT_EQ(found->parties.size(), 2u);
  EXPECT_EQ(found->parties[0], (PartyFacts{"partners/a1", "products/x", "L9", D(40), {"regions/cn-44"}}));
  EXPECT_EQ(found->parties[1].units, D(-45));
}

TEST(DiversionTest, OneFindingOfEachFlowOfGoods) {
  const SeenOutside seen = Serials({"s1", "s2", "s3"});
  BalanceKey half = kJune;
  half.period.start = Day("2026-06-15");
  BalanceKey july = kJune;
  july.period.end = Day("2026-08-01");
  BalanceKey other_lot = kJune;
  other_lot.lot = "L8";
  std::vector<ShownFlow> shown;
  for (const BalanceKey& key : {kJune, half, july, other_lot}) {
    shown.push_back({key.period, *Diversion(key, kBalance, kMuch, seen, {})});
  }
  const auto flows = OneOfEachFlow(shown);
  ASSERT_EQ(flows.size(), 2u);
  EXPECT_THAT(flows[0].subjects, ElementsAre(other_lot.name(), "partners/a1", "partners/b"));
  EXPECT_THAT(flows[1].subjects, ElementsAre(july.name(), "partners/a1", "partners/b"));
  EXPECT_EQ(flows[1].occurred_on, Day("2026-07-31"));
  EXPECT_THAT(flows[1].explanation, HasSubstr(StrCat("Shown by ", kJune.name(), " too.")));
  EXPECT_THAT(flows[1].explanation, HasSubstr(StrCat("Shown by ", half.name(), " too.")));
  EXPECT_EQ(FindingId(flows[1]), FindingId(shown[0].conclusion)) << "whichever of its balances tells it";
  EXPECT_NE(FindingId(flows[0]), FindingId(flows[1]));
  std::reverse(shown.begin(), shown.end());
  EXPECT_EQ(OneOfEachFlow(shown), flows);
}

// In whatever order the balances come.
TEST(DiversionTest, WhatJuneAndJulyShowIsTwoFlowsUntilABalanceJoinsThem) {
  const auto of = [](const char* start, const char* end) {
    BalanceKey key = kJune;
    key.period = {Day(start), Day(end)};
    return key;
  };
  const BalanceKey july = of("2026-07-01", "2026-08-01"), between = of("2026-06-15", "2026-07-15"),
                   before = of("2026-05-15", "2026-06-15");
  const auto flows = [](std::vector<BalanceKey> keys) {
    std::vector<ShownFlow> shown;
    for (const BalanceKey& key : keys) {
      shown.push_back({key.period, *Diversion(key, kBalance, kMuch, Serials({"s1", "s2", "s3"}), {})});
    }
    std::vector<std::string> found;
    for (const Conclusion& flow : OneOfEachFlow(std::move(shown))) {
      found.push_back(StrCat(flow.key.back(), " ", flow.subjects[0], " ", flow.explanation));
    }
    return found;
  };
  const auto explained = [](const BalanceKey& key) {
    return Explain(key, kBalance, kMuch, Serials({"s1", "s2", "s3"}), {});
  };
  EXPECT_THAT(flows({kJune, july}), ElementsAre(StrCat("2026-06-01 ", kJune.name(), " ", explained(kJune)),
                                                StrCat("2026-07-01 ", july.name(), " ", explained(july))));
  EXPECT_EQ(flows({july, kJune}), flows({kJune, july}));

  const std::vector<std::string> joined = flows({kJune, july, between});
  EXPECT_THAT(joined, ElementsAre(StrCat("2026-06-01 ", july.name(), " ", explained(july), " Shown by ", between.name(),
                                         " too. Shown by ", kJune.name(), " too.")));
  EXPECT_EQ(flows({between, july, kJune}), joined);
  EXPECT_EQ(flows({july, between, kJune}), joined);
  EXPECT_THAT(flows({july, between, before}), ElementsAre(HasSubstr("2026-05-15 "), HasSubstr("2026-06-15 ")))
      << "one ends where the other begins";
  EXPECT_THAT(flows({july, before, between, kJune}), ElementsAre(::testing::StartsWith("2026-05-15 ")));
}

// Without a balance the same: -20 and 6 a unit.
TEST(DiversionTest, UnitsAloneConvictFromFiveOn) {
  const auto flow = [](std::set<std::string> serials) {
    return UnitFlow{"partners/a1", "regions/cn-44", Serials(std::move(serials))};
  };
  const MassBalance unknown{.unknown = true};
  EXPECT_EQ(Diversion(kJune, unknown, flow({"s1", "s2", "s3", "s4"}), {}), std::nullopt);
  EXPECT_EQ(Explain(kJune, unknown, flow({"s1", "s2"}), {}),
            "Of products/x, lot 'L9', from 2026-06-01 until before 2026-07-01, no fewer than 2 units went from "
            "partners/a1 to regions/cn-44. Decibans: prior -20; balance UNKNOWN; 2 of its units seen there and not in "
            "its territory (s1, s2 in regions/cn-44) +12; sum -8, threshold +10. 3 more needed.");
  const auto found = Diversion(kJune, unknown, flow({"s1", "s2", "s3", "s4", "s5"}), {});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->subjects, ElementsAre(kJune.name(), "partners/a1", "partners/b", "regions/cn-44"));
  EXPECT_THAT(found->explanation, HasSubstr("balance UNKNOWN; 5 of its units"));
  EXPECT_THAT(found->explanation, HasSubstr("sum +10, threshold +10."));
  EXPECT_EQ(found->occurred_on, Day("2026-06-20"));
  ASSERT_EQ(found->parties.size(), 2u);
  EXPECT_EQ(found->parties[0], (PartyFacts{"partners/a1", "products/x", "L9", D(5), {"regions/cn-44"}}));
  EXPECT_EQ(found->parties[1], (PartyFacts{"partners/b", "products/x", "L9", std::nullopt, {"regions/cn-44"}}));
  EXPECT_THAT(Explain(kJune, kBalance, flow({"s1"}), {}), HasSubstr("balance +0 (shows no such flow)"));

  // Where several are at home none of them is a party.
  UnitFlow shared = flow({"s1", "s2", "s3", "s4", "s5"});
  shared.outside.at_home.insert("partners/c");
  const auto of_nobody = Diversion(kJune, unknown, shared, {});
  ASSERT_TRUE(of_nobody.has_value());
  EXPECT_THAT(of_nobody->subjects, ElementsAre(kJune.name(), "partners/a1", "regions/cn-44"));
  EXPECT_EQ(FindingId(*of_nobody), FindingId(*found)) << "the territory is the same";
}

TEST(DiversionTest, UnitsAloneNeverConvictWithoutAUnit) {
  DiversionPolicy anything;
  anything.threshold_decibans = -100;
  EXPECT_EQ(Diversion(kJune, {.unknown = true}, UnitFlow{"partners/a1", "regions/cn-44", {}}, anything), std::nullopt);
}

TEST(LookOutsideTest, CountsUnitsOfTheGoodsInThePeriodOnce) {
  const auto outside = LookOutside({Outside("s1"), Outside("s1", "2026-06-25"), Outside("s2"),
                                    Outside("s3", "2026-07-01"), Outside("s4", "2026-06-20", "L8")},
                                   kJune);
  ASSERT_EQ(outside.size(), 1u);
  const auto& [pair, seen] = *outside.begin();
  EXPECT_EQ(pair, std::pair(std::string("partners/a1"), std::string("partners/b")));
  EXPECT_THAT(seen.serials, ElementsAre("s1", "s2"));
  EXPECT_THAT(seen.regions, ElementsAre("regions/cn-4401"));
  EXPECT_EQ(seen.last, Day("2026-06-25"));
}

TEST(LookInTerritoriesTest, CountsUnitsWhereTheyAreSeenFirst) {
  BalanceKey july = kJune;
  july.period = {Day("2026-07-01"), Day("2026-08-01")};
  const std::vector<OutsideUnit> units = {Outside("s1"), Outside("s1", "2026-07-03"), Outside("s2", "2026-07-03")};
  const auto in_june = LookInTerritories(units, kJune, {});
  ASSERT_EQ(in_june.size(), 1u);
  EXPECT_EQ(in_june.begin()->first, std::pair(std::string("partners/a1"), std::string("regions/cn-44")));
  EXPECT_THAT(in_june.begin()->second.serials, ElementsAre("s1"));
  const auto in_july = LookInTerritories(units, july, {});
  ASSERT_EQ(in_july.size(), 1u);
  EXPECT_THAT(in_july.begin()->second.serials, ElementsAre("s2")) << "a rescan is nothing new";
  EXPECT_THAT(LookInTerritories(units, kJune, {kMuch}), IsEmpty()) << "the balance's flow tells of it";
  EXPECT_EQ(LookInTerritories(units, kJune, {kLittle}).size(), 1u);
}

}  // namespace
}  // namespace tributary::conflict
