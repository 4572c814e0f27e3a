#include "incentive-service/engine/free_goods.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

constexpr auto kOrder = FreeGoodsScope::kOrder;
constexpr auto kPeriod = FreeGoodsScope::kPeriod;
constexpr auto kOnTop = FreeGoodsKind::kExclusive;
constexpr auto kWithin = FreeGoodsKind::kInclusive;

TEST(FreeGoodsTest, TwoForEveryHundredPaid) {
  const struct {
    FreeGoodsScope scope;
    FreeGoodsKind kind;
    CountedUnits paid;
    const char* due;
  } kCases[] = {
      // S2 of the scenarios: 90 give nothing yet, the other 10 bring both.
      {kOrder, kOnTop, {{"o1", D("90")}}, "0"},
      {kOrder, kOnTop, {{"o1", D("100")}}, "2"},
      {kOrder, kOnTop, {{"o1", D("99.999999")}}, "0"},
      {kOrder, kOnTop, {{"o1", D("350")}}, "6"},
      // Two orders of 60: nothing by order, 2 over the period.
      {kOrder, kOnTop, {{"o1", D("60")}, {"o2", D("60")}}, "0"},
      {kOrder, kOnTop, {{"o1", D("160")}, {"o2", D("240")}}, "6"},
      {kPeriod, kOnTop, {{"", D("120")}}, "2"},
      {kPeriod, kOnTop, {{"", D("-250")}}, "0"},
      // Within: of 102 that are ordered 100 are paid.
      {kOrder, kWithin, {{"o1", D("101")}}, "0"},
      {kOrder, kWithin, {{"o1", D("102")}}, "2"},
      {kOrder, kWithin, {{"o1", D("203")}}, "2"},
      {kOrder, kWithin, {{"o1", D("204")}}, "4"},
      // What one order took back is not held against another.
      {kOrder, kOnTop, {{"o1", D("-100")}, {"o2", D("100")}}, "2"},
  };
  for (const auto& c : kCases) {
    const FreeGoodsTerms terms{D("100"), D("2"), c.scope, c.kind};
    EXPECT_EQ(WorkOutGoods(terms, {c.paid, D("1")}).due.ToString(), c.due);
    EXPECT_EQ(WorkOutGoods(terms, {c.paid, D("1")}).given, D("1"));
  }
}

TEST(FreeGoodsTest, UnitsAreAddedAndTakenBack) {
  GoodsUnits goods;
  AddGoods({{{"o1", D("120")}}, Decimal()}, 1, &goods);
  AddGoods({{}, D("2")}, 1, &goods);
  const FreeGoodsTerms terms{D("100"), D("2"), kOrder, kOnTop};
  EXPECT_EQ(WorkOutGoods(terms, goods), (GoodsWork{D("120"), D("2"), D("2")}));
  AddGoods({{{"o1", D("-30")}}, Decimal()}, 1, &goods);
  EXPECT_EQ(WorkOutGoods(terms, goods), (GoodsWork{D("90"), Decimal(), D("2")}));
  AddGoods({{{"o1", D("90")}}, D("2")}, -1, &goods);
  EXPECT_EQ(goods, GoodsUnits());
}

TEST(FreeGoodsTest, TheNextAreDueAtTheNextBundle) {
  const FreeGoodsTerms on_top{D("100"), D("2"), kPeriod, kOnTop}, within{D("100"), D("2"), kPeriod, kWithin};
  EXPECT_EQ(NextGoodsFrom(on_top, D("0")), D("100"));
  EXPECT_EQ(NextGoodsFrom(on_top, D("-7")), D("100"));
  EXPECT_EQ(NextGoodsFrom(on_top, D("99.999999")), D("100"));
  EXPECT_EQ(NextGoodsFrom(on_top, D("100")), D("200"));
  EXPECT_EQ(NextGoodsFrom(within, D("102")), D("204"));
}

TEST(FreeGoodsTest, WhatIsWrongWithTheTermsIsNamed) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : CheckFreeGoods({D("0"), D("-2"), kOrder, kOnTop}, "t")) fields.push_back(one.field);
  EXPECT_THAT(fields, ::testing::ElementsAre("t.paid_units", "t.free_units"));
  EXPECT_TRUE(CheckFreeGoods({D("0.5"), D("1"), kOrder, kOnTop}, "t").empty());
}

}  // namespace
}  // namespace tributary::incentive
