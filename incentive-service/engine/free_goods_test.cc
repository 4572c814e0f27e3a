#include "incentive-service/engine/free_goods.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

constexpr auto kOrder = FreeGoodsScope::kOrder;
constexpr auto kPeriod = FreeGoodsScope::kPeriod;
constexpr auto kOnTop = FreeGoodsKind::kExclusive;
constexpr auto kWithin = FreeGoodsKind::kInclusive;

// "o1 250 4 (a 2, b 2)": quantity, due, awards.
std::string TextOf(const std::vector<FreeGoods>& all) {
  std::string text;
  for (const FreeGoods& goods : all) {
    StrAppend(&text, text.empty() ? "" : "; ", goods.order, " ", goods.quantity.ToString(), " ", goods.due.ToString(),
              " (");
    for (size_t i = 0; i < goods.awards.size(); ++i) {
      StrAppend(&text, i == 0 ? "" : ", ", goods.awards[i].fact, " ", goods.awards[i].units.ToString());
    }
    text += ")";
  }
  return text;
}

TEST(FreeGoodsTest, TwoForEveryHundredPaid) {
  const struct {
    FreeGoodsScope scope;
    FreeGoodsKind kind;
    std::vector<FreeGoodsLine> lines;
    const char* outcome;
  } kCases[] = {
      // S2 of the scenarios: 90 give nothing yet, the other 10 bring both.
      {kOrder, kOnTop, {{"s1", On("04-02"), "o1", D("90")}}, "o1 90 0 ()"},
      {kOrder, kOnTop, {{"s1", On("04-02"), "o1", D("90")}, {"s2", On("04-23"), "o1", D("10")}}, "o1 100 2 (s2 2)"},
      {kOrder, kOnTop, {{"s1", On("04-02"), "o1", D("99.999999")}}, "o1 99.999999 0 ()"},
      {kOrder, kOnTop, {{"s1", On("04-02"), "o1", D("350")}}, "o1 350 6 (s1 6)"},
      // Two orders of 60: nothing by order, 2 over the period.
      {kOrder,
       kOnTop,
       {{"a", On("04-02"), "o1", D("60")}, {"b", On("04-03"), "o2", D("60")}},
       "o1 60 0 (); o2 60 0 ()"},
      {kPeriod, kOnTop, {{"a", On("04-02"), "o1", D("60")}, {"b", On("04-03"), "o2", D("60")}}, " 120 2 (b 2)"},
      // A return takes them back.
      {kPeriod,
       kOnTop,
       {{"a", On("04-02"), "o1", D("120")}, {"b", On("04-03"), "o1", D("-30")}, {"c", On("04-04"), "o1", D("15")}},
       " 105 2 (a 2, b -2, c 2)"},
      {kPeriod, kOnTop, {{"a", On("04-02"), "o1", D("-250")}}, " -250 0 ()"},
      // Within: of 102 that are ordered 100 are paid.
      {kOrder, kWithin, {{"a", On("04-02"), "o1", D("101")}}, "o1 101 0 ()"},
      {kOrder, kWithin, {{"a", On("04-02"), "o1", D("102")}}, "o1 102 2 (a 2)"},
      {kOrder, kWithin, {{"a", On("04-02"), "o1", D("203")}}, "o1 203 2 (a 2)"},
      {kOrder, kWithin, {{"a", On("04-02"), "o1", D("204")}}, "o1 204 4 (a 4)"},
      // Told twice.
      {kOrder, kOnTop, {{"a", On("04-02"), "o1", D("60")}, {"a", On("04-02"), "o1", D("60")}}, "o1 60 0 ()"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TextOf(FreeGoodsOf({D("100"), D("2"), c.scope, c.kind}, c.lines)), c.outcome);
  }
}

TEST(FreeGoodsTest, WhatIsWrongWithTheTermsIsNamed) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : CheckFreeGoods({D("0"), D("-2"), kOrder, kOnTop}, "t")) fields.push_back(one.field);
  EXPECT_THAT(fields, ::testing::ElementsAre("t.per", "t.free"));
  EXPECT_TRUE(CheckFreeGoods({D("0.5"), D("1"), kOrder, kOnTop}, "t").empty());
}

}  // namespace
}  // namespace tributary::incentive
