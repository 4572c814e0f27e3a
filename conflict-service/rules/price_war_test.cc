#include "conflict-service/rules/price_war.h"

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const RegionTree& Provinces() {
  static const auto* const tree = new RegionTree(
      RegionTree::FromParents({{"regions/cn-44", ""}, {"regions/cn-44-01", "regions/cn-44"}, {"regions/cn-51", ""}}));
  return *tree;
}

PriceRule Following(int32_t days) {
  return {.name = "priceRules/bike",
          .uid = {},
          .create_time = {},
          .update_time = {},
          .product = "products/bike",
          .regions = {},
          .currency = "CNY",
          .floor = D("1"),
          .advertised = {},
          .days = {Day("2026-01-01"), OpenEnd()},
          .exceptions = {},
          .bands = {},
          .follow_days = days};
}

// Of "a" the partner; of "A" a seller that is none.
PriceObservation Observed(const std::string& who, const char* date, const char* price, const std::string& time = "") {
  PriceObservation observation{.name = StrCat("priceObservations/", who, "-", date, time),
                               .create_time = {},
                               .partner = {},
                               .seller = {},
                               .product = "products/bike",
                               .price = {"CNY", D(price)},
                               .region = "regions/cn-44",
                               .place = "shop",
                               .date = Day(date),
                               .time = {},
                               .promotion = {},
                               .evidence = {},
                               .evidence_sha256 = {},
                               .withdraw_time = {},
                               .withdraw_reason = {}};
  (who < "a" ? observation.seller : observation.partner) = who < "a" ? who : StrCat("partners/", who);
  if (!time.empty()) {
    absl::ParseTime(absl::RFC3339_full, absl::StrCat(date, "T", time, ":00Z"), &observation.time.emplace(), nullptr);
  }
  return observation;
}

std::vector<PriceObservation> June() {
  return {Observed("a", "2026-06-01", "100"), Observed("a", "2026-06-05", "90"), Observed("b", "2026-06-01", "102"),
          Observed("b", "2026-06-07", "92"),  Observed("c", "2026-06-01", "99"), Observed("c", "2026-06-20", "89")};
}

std::vector<SoldUnits> Sales() {
  return {{"partners/b", "regions/cn-44", Day("2026-06-06"), D("5")},      // before its cut
          {"partners/b", "regions/cn-44-01", Day("2026-06-07"), D("10")},  // 10 x 10
          {"partners/b", "regions/cn-44", Day("2026-06-10"), D("-1")},     // came back: -10
          {"partners/b", "regions/cn-44", Day("2026-06-14"), D("2.5")},    // the last day: 25
          {"partners/b", "regions/cn-44", Day("2026-06-15"), D("7")},      // too late
          {"partners/b", "regions/cn-51", Day("2026-06-09"), D("7")},      // elsewhere
          {"partners/a", "regions/cn-44", Day("2026-06-09"), D("7")}};     // the first mover's own
}

// "a 100>90, b 102>92" of each cascade.
std::vector<std::string> Told(const std::vector<PriceObservation>& seen, int32_t follow_days = 7) {
  const std::vector<PriceRule> rules = {Following(follow_days)};
  std::vector<std::string> told;
  for (const Cascade& cascade : CascadesOf(seen, rules, Provinces())) {
    std::vector<std::string> cuts;
    for (const PriceCut& cut : cascade.cuts) {
      cuts.push_back(StrCat(cut.seen->partner.empty() ? cut.seen->seller : cut.seen->partner.substr(9), " ",
                            cut.before.ToString(), ">", cut.seen->price.amount.ToString()));
    }
    told.push_back(StrJoin(cuts, ", "));
  }
  return told;
}

TEST(PriceWarTest, CascadesByTable) {
  struct Row {
    std::string what;
    std::vector<PriceObservation> seen;
    std::vector<std::string> told;
  };
  PriceObservation sold = Observed("b", "2026-06-07", "92");
  sold.kind = PriceObservation::Kind::kSold;
  PriceObservation withdrawn = Observed("b", "2026-06-07", "92");
  withdrawn.withdraw_time = absl::FromUnixSeconds(1);
  const auto with = [](PriceObservation last) {
    return std::vector{Observed("a", "2026-06-01", "100"), Observed("a", "2026-06-05", "90"),
                       Observed("b", "2026-06-01", "102"), std::move(last)};
  };
  const std::vector<Row> rows = {
      {"one follows, another much later", June(), {"a 100>90, b 102>92"}},
      {"on the last day", with(Observed("b", "2026-06-12", "92")), {"a 100>90, b 102>92"}},
      {"a day late", with(Observed("b", "2026-06-13", "92")), {}},
      {"no cut", with(Observed("b", "2026-06-07", "102")), {}},
      {"a sale is no offer", with(sold), {}},
      {"withdrawn", with(withdrawn), {}},
      {"alone",
       {Observed("a", "2026-06-01", "100"), Observed("a", "2026-06-05", "90"), Observed("a", "2026-06-07", "80")},
       {}},
      {"a seller that is no partner moves first",
       {Observed("A", "2026-06-01", "100"), Observed("A", "2026-06-05", "90"), Observed("b", "2026-06-01", "102"),
        Observed("b", "2026-06-07", "92")},
       {"A 100>90, b 102>92"}},
      {"two rounds",
       {Observed("a", "2026-06-01", "100"), Observed("a", "2026-06-05", "90"), Observed("b", "2026-06-01", "102"),
        Observed("b", "2026-06-07", "92"), Observed("a", "2026-06-08", "85"), Observed("b", "2026-06-10", "84")},
       {"a 100>90, b 102>92, a 90>85, b 92>84"}},
      {"two wars",
       {Observed("a", "2026-06-01", "100"), Observed("a", "2026-06-05", "90"), Observed("b", "2026-06-01", "102"),
        Observed("b", "2026-06-07", "92"), Observed("b", "2026-06-28", "91"), Observed("a", "2026-06-30", "80")},
       {"a 100>90, b 102>92", "b 92>91, a 90>80"}},
      {"on one day by the moment, an unknown one last",
       {Observed("a", "2026-06-01", "100"), Observed("b", "2026-06-01", "102"), Observed("c", "2026-06-01", "104"),
        Observed("a", "2026-06-05", "90"), Observed("b", "2026-06-05", "92", "11:00"),
        Observed("c", "2026-06-05", "94", "09:00")},
       {"c 104>94, b 102>92, a 100>90"}},
      {"the lowest of the day",
       {Observed("a", "2026-06-01", "100"), Observed("a", "2026-06-05", "100", "08:00"),
        Observed("a", "2026-06-05", "90", "09:00"), Observed("b", "2026-06-01", "102"),
        Observed("b", "2026-06-07", "92")},
       {"a 100>90, b 102>92"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(Told(row.seen), row.told);
  }
  EXPECT_THAT(Told(June(), 0), IsEmpty()) << "not looked for";
  EXPECT_THAT(Told(June(), 13), ElementsAre("a 100>90, b 102>92, c 99>89"));
}

TEST(PriceWarTest, AChangeReachesTheDaysThatHangTogether) {
  const auto days = [](const std::vector<const char*>& texts) {
    std::set<Date> parsed;
    for (const char* text : texts) parsed.insert(Day(text));
    return parsed;
  };
  const auto reached = [&](const std::vector<const char*>& changed, int32_t follow_days) {
    std::vector<std::string> runs;
    for (const DateRange& run :
         DaysReached(days({"2026-06-01", "2026-06-08", "2026-06-09", "2026-06-17", "2026-06-20"}), days(changed),
                     follow_days)) {
      runs.push_back(StrCat(run.start.ToString(), "/", run.end.ToString()));
    }
    return runs;
  };
  EXPECT_THAT(reached({"2026-06-08"}, 7), ElementsAre("2026-06-01/2026-06-10"));
  EXPECT_THAT(reached({"2026-06-20"}, 7), ElementsAre("2026-06-17/2026-06-21"));
  EXPECT_THAT(reached({"2026-06-01", "2026-06-17"}, 7), ElementsAre("2026-06-01/2026-06-10", "2026-06-17/2026-06-21"));
  EXPECT_THAT(reached({"2026-06-13"}, 7), ElementsAre("2026-06-01/2026-06-21")) << "seen no more, but it was";
  EXPECT_THAT(reached({"2026-06-09"}, 0), ElementsAre("2026-06-09/2026-06-10"));
  EXPECT_THAT(reached({}, 7), IsEmpty());
  EXPECT_THAT(DaysReached({}, {}, 7), IsEmpty());
}

TEST(PriceWarTest, WhatTheOthersLost) {
  const std::vector<PriceObservation> seen = June();
  const std::vector<PriceRule> rules = {Following(7)};
  const auto wars = PriceWars(seen, Sales(), rules, Provinces());
  ASSERT_THAT(wars, SizeIs(1));
  EXPECT_EQ(wars[0].explanation,
            "Cuts of the advertised price of products/bike in regions/cn-44, each at most 7 days after the one before "
            "(priceRules/bike, version 1): first partners/a from 100 to 90 CNY on 2026-06-05 "
            "(priceObservations/a-2026-06-05); then partners/b from 102 to 92 CNY on 2026-06-07 "
            "(priceObservations/b-2026-06-07), 2 days later. Loss to the others until 2026-06-14: 115 CNY (partners/b "
            "115 CNY over 11.5 units).");
  EXPECT_THAT(PartiesOf(wars[0]), ElementsAre("partners/a", "partners/b"));
  EXPECT_EQ(wars[0].occurred_on, Day("2026-06-07"));
  ASSERT_THAT(wars[0].parties, SizeIs(2));
  EXPECT_EQ(wars[0].parties[0].words,
            "Your advertised price of products/bike in regions/cn-44 fell from 100 to 90 CNY on 2026-06-05.");
  EXPECT_EQ(wars[0].parties[1].words,
            "Your advertised price of products/bike in regions/cn-44 fell from 102 to 92 CNY on 2026-06-07.");
  EXPECT_THAT(wars[0].parties[1].words, Not(HasSubstr("partners/a")));
}

TEST(PriceWarTest, ALossIsExactAndEndsWhereThePriceIsBack) {
  std::vector<PriceObservation> seen = June();
  seen.push_back(Observed("b", "2026-06-10", "101.999999"));
  seen.push_back(Observed("b", "2026-06-12", "105"));
  const std::vector<PriceRule> rules = {Following(7)};
  const auto cascades = CascadesOf(seen, rules, Provinces());
  ASSERT_THAT(cascades, SizeIs(1));
  const auto losses = LossToOthers(cascades[0], seen,
                                   {{"partners/b", "regions/cn-44", Day("2026-06-09"), D("1")},
                                    {"partners/b", "regions/cn-44", Day("2026-06-11"), D("0.000001")},
                                    {"partners/b", "regions/cn-44", Day("2026-06-13"), D("1000")}},
                                   Provinces());
  ASSERT_THAT(losses, SizeIs(1));
  EXPECT_EQ(losses[0].amount.ToDecimalString(), "10.000000000001");
  EXPECT_EQ(losses[0].units.ToString(), "1.000001");
}

// All of a conclusion, also what its equality leaves out because it is not stored with the finding.
using WholeConclusion = std::tuple<Conclusion, std::vector<std::string>, std::optional<Date>, std::optional<Severity>,
                                   std::vector<PartyFacts>>;
std::vector<WholeConclusion> Whole(const std::vector<Conclusion>& conclusions) {
  std::vector<WholeConclusion> whole;
  for (const Conclusion& one : conclusions) {
    whole.emplace_back(one, one.key, one.occurred_on, one.severity, one.parties);
  }
  return whole;
}

TEST(PriceWarTest, NoOrderMatters) {
  std::vector<PriceObservation> seen = June();
  seen.push_back(Observed("A", "2026-06-01", "95"));
  seen.push_back(Observed("A", "2026-06-06", "94"));
  std::vector<SoldUnits> sold = Sales();
  const std::vector<PriceRule> rules = {Following(7)};
  const auto first = Whole(PriceWars(seen, sold, rules, Provinces()));
  ASSERT_THAT(first, SizeIs(1));
  std::mt19937 random(20260607);
  for (int i = 0; i < 100; ++i) {
    std::shuffle(seen.begin(), seen.end(), random);
    std::shuffle(sold.begin(), sold.end(), random);
    EXPECT_TRUE(Whole(PriceWars(seen, sold, rules, Provinces())) == first);
  }
  const std::vector<PriceObservation> once = seen;
  seen.insert(seen.end(), once.begin(), once.end());
  EXPECT_TRUE(Whole(PriceWars(seen, sold, rules, Provinces())) == first) << "seen twice";
}

}  // namespace
}  // namespace tributary::conflict
