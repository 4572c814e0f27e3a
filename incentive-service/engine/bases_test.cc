// Composite scores, margins and counts.

#include "incentive-service/engine/composite.h"
#include "incentive-service/engine/count.h"
#include "incentive-service/engine/margin.h"
#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> FieldsOf(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : violations) fields.push_back(one.field);
  return fields;
}

TEST(CompositeTest, WhatIsMissingMayBeAnything) {
  const std::vector<ScoreComponent> components = {{"sales", D("0"), D("100000"), 60},
                                                  {"development", D("0"), D("10"), 20},
                                                  {"brand", D("40"), D("20"), 10},  // less is better
                                                  {"service", D("0"), D("5"), 10}};
  const struct {
    std::vector<std::optional<Rational>> figures;
    const char* outcome;
  } kCases[] = {
      {{Q("120000"), Q("8"), Q("30"), std::nullopt}, "[81, 91]: 60 16 5 ?"},
      {{Q("120000"), Q("8"), Q("30"), Q("5")}, "[91, 91]: 60 16 5 10"},
      {{Q("-1"), Q("0"), Q("50"), Q("0")}, "[0, 0]: 0 0 0 0"},
      {{Q("100000"), Q("10"), Q("20"), Q("5")}, "[100, 100]: 60 20 10 10"},
      {{Q("1"), std::nullopt, std::nullopt, std::nullopt}, "[3/5000, 200003/5000]: 3/5000 ? ? ?"},
  };
  for (const auto& c : kCases) {
    const CompositeScore score = ScoreOf(components, c.figures);
    std::string text = StrCat("[", score.total.low.ToString(), ", ", score.total.high.ToString(), "]:");
    for (const ScoreRange& one : score.components) StrAppend(&text, " ", one.exact() ? one.low.ToString() : "?");
    EXPECT_EQ(text, c.outcome);
  }
  const CompositeTerms terms{
      "dealers", {{"sales", D("0"), D("100000"), 90, ScoreSource::kAmount}, {"service", D("0"), D("3"), 10}}};
  EXPECT_EQ(ScoreOf(terms, {{"service", Rational(3, 2)}, {"other", Q("1")}}, Q("50000")).total.low, Q("50"));
  EXPECT_EQ(ScoreOf(terms, {}, Q("50000")).total.high, Q("55"));
  EXPECT_TRUE(CheckComponents(components, "c").empty());
  EXPECT_THAT(
      FieldsOf(CheckComponents(std::vector<ScoreComponent>{{"a", D("1"), D("1"), 101}, {"a", D("0"), D("1"), 0}}, "c")),
      ::testing::ElementsAre("c[0].high", "c[1].id", "c[1].weight", "c"));
  EXPECT_THAT(FieldsOf(CheckComponents({}, "c")), ::testing::ElementsAre("c"));
}

TEST(MarginTest, NetLessWhatTheUnitsCost) {
  EXPECT_EQ(MarginOfLine(D("1000"), D("10"), Q("62.5")).margin().ToString(), "375");
  EXPECT_EQ(MarginOfLine(D("-1000"), D("-10"), Q("62.5")).margin().ToString(), "-375");
  EXPECT_EQ(MarginOfLine(D("1000"), D("10"), Q("120")).margin().ToString(), "-200");
  EXPECT_EQ(MarginOfLine(D("1000"), D("10"), std::nullopt), MarginSums{.uncosted = 1});

  // A sale and its return leave no trace, whatever a unit cost; a line without a cost adds to nothing else.
  MarginSums sums;
  sums.Add(MarginOfLine(D("100"), D("3"), Rational(100, 3)));
  sums.Add(MarginOfLine(D("50"), D("1"), std::nullopt));
  EXPECT_EQ(sums, (MarginSums{D("100"), Q("100"), 1}));
  sums.Add(MarginOfLine(D("-100"), D("-3"), Rational(100, 3)));
  sums.Add(MarginOfLine(D("50"), D("1"), std::nullopt), -1);
  EXPECT_EQ(sums, MarginSums());
}

TEST(MarginTest, AUnitCostsWhatTheUnitsOfItsSaleCostOnAverage) {
  const std::vector<ConsumedUnits> units = {{"A", D("100"), Q("120"), "CNY"}, {"B", D("150"), Q("115"), "CNY"}};
  EXPECT_EQ(LayerUnitCost("CNY", units)->ToString(), "117");  // 29,250 for 250
  EXPECT_EQ(LayerUnitCost("CNY", units, D("50"))->ToString(), "585") << "the parts of 50 kits";
  EXPECT_FALSE(LayerUnitCost("USD", units).has_value());
  EXPECT_FALSE(LayerUnitCost("CNY", {}).has_value());
  EXPECT_FALSE(LayerUnitCost("CNY", std::vector<ConsumedUnits>{{"", D("1"), std::nullopt, ""}}).has_value());
  EXPECT_EQ(LayerUnitCost("CNY", std::vector<ConsumedUnits>{{"A", D("3"), Rational(100, 3), "CNY"}})->ToDecimalString(),
            "33.333333333");
}

TEST(CountTest, CountsWhatHasUnitsLeft) {
  const struct {
    std::vector<std::pair<const char*, const char*>> told;  // of what, how many units
    int64_t count;
  } kCases[] = {
      {{}, 0},
      {{{"c1", "1"}, {"c1", "2"}, {"c2", "0.5"}}, 2},
      {{{"c1", "1"}, {"c1", "-1"}}, 0},
      {{{"c1", "-1"}, {"c1", "2"}}, 1},
      {{{"c1", "-1"}, {"c2", "1"}}, 1},
      {{{"c1", "0"}}, 0},
  };
  for (const auto& c : kCases) {
    CountedUnits units;
    for (const auto& [of, quantity] : c.told) AddUnits({{of, D(quantity)}}, 1, &units);
    EXPECT_EQ(CountDistinct(units), c.count);
    const CountedUnits all = units;
    AddUnits(all, -1, &units);
    EXPECT_TRUE(units.empty());
  }
}

}  // namespace
}  // namespace tributary::incentive
