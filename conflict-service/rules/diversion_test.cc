#include "conflict-service/rules/diversion.h"

#include <algorithm>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Date Day(const char* text) { return *Date::Parse(text); }
Decimal Units(int64_t units) { return Decimal::FromInt(units); }

const BalanceKey kJune{.product = "products/x", .lot = "L9", .period = {Day("2026-06-01"), Day("2026-07-01")}};
const Flow kMuch{"partners/a1", "partners/b", Units(35), Units(40)};
const Flow kLittle{"partners/a2", "partners/b", Units(5), Units(10)};
const MassBalance kBalance{.gaps = {{"partners/a1", Units(40), {}}, {"partners/b", Units(-45), {}}},
                           .flows = {kMuch, kLittle}};

Grant GrantOf(const std::string& partner, const std::string& region) {
  return {.name = StrCat("partners/", partner, "/territoryGrants/g"),
          .partner = StrCat("partners/", partner),
          .scope = {.regions = {StrCat("regions/", region)}, .time = {Day("2026-01-01"), OpenEnd()}}};
}

SeenUnit Seen(const std::string& serial, const std::string& region, const char* date = "2026-06-20") {
  return {.serial = serial,
          .region = StrCat("regions/", region),
          .date = Day(date),
          .owner = "partners/a1",
          .lot = "L9",
          .product_line = "productLines/l"};
}

SeenOutside Serials(std::set<std::string> serials) {
  return {.serials = std::move(serials), .regions = {"regions/cn-44"}, .last = Day("2026-06-20")};
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
  EXPECT_EQ(found->parties[0], (PartyFacts{"partners/a1", "products/x", "L9", Units(40), {"regions/cn-44"}}));
  EXPECT_EQ(found->parties[1].units, Units(-45));
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

TEST(LookOutsideTest, CountsUnitsOnceAndOnlyInTheOthersTerritory) {
  const std::vector<Grant> grants = {GrantOf("a1", "cn-51"), GrantOf("b", "cn-44")};
  const RegionTree tree = RegionTree::FromParents({{"regions/cn-44-1", "regions/cn-44"}});
  const auto outside = LookOutside({Seen("s1", "cn-44"), Seen("s2", "cn-44-1"), Seen("s1", "cn-44", "2026-06-25"),
                                    Seen("s3", "cn-51"), Seen("s4", "us"), Seen("s5", "cn-44", "2025-06-25")},
                                   grants, tree);
  ASSERT_EQ(outside.size(), 1u);
  const auto& [pair, seen] = *outside.begin();
  EXPECT_EQ(pair, std::pair(std::string("partners/a1"), std::string("partners/b")));
  EXPECT_THAT(seen.serials, ElementsAre("s1", "s2"));
  EXPECT_EQ(seen.last, Day("2026-06-25"));
}

TEST(LookOutsideTest, WhereBothMaySellNothingIsOutside) {
  Grant other_line = GrantOf("b", "cn-44");
  other_line.scope.product_lines = {"productLines/other"};
  EXPECT_THAT(LookOutside({Seen("s1", "cn-44")}, {GrantOf("a1", "cn-44"), GrantOf("b", "cn-44")}, {}), IsEmpty());
  EXPECT_THAT(LookOutside({Seen("s1", "cn-44")}, {GrantOf("a1", "cn-51"), other_line}, {}), IsEmpty());
  Grant revoked = GrantOf("b", "cn-44");
  revoked.active = false;
  EXPECT_THAT(LookOutside({Seen("s1", "cn-44")}, {revoked}, {}), IsEmpty());
}

}  // namespace
}  // namespace tributary::conflict
