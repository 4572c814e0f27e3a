#include "incentive-service/engine/carried.h"

#include "incentive-service/engine/testing_numbers.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {
namespace {

// "-50 -1 of a b" after each period.
std::vector<std::string> After(const std::vector<PeriodSum>& sums) {
  Carried carried;
  std::vector<std::string> texts;
  for (const PeriodSum& sum : sums) {
    carried.Add(sum);
    std::string text = StrCat(carried.amount.ToString(), " ", carried.quantity.ToString());
    for (const PeriodSum& one : carried.periods) StrAppend(&text, " ", one.period);
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(CarriedTest, WhatIsBelowNothingIsCarriedUntilItIsMadeUpFor) {
  EXPECT_THAT(
      After({{"a", D("100"), D("1")}, {"b", D("-80"), D("-1")}, {"c", D("30"), D("1")}, {"d", D("50"), D("9")}}),
      ::testing::ElementsAre("0 0", "-80 -1 b", "-50 0 b c", "0 0"));
  // Units and money by themselves.
  EXPECT_THAT(After({{"a", D("-5"), D("3")}, {"b", D("10"), D("-2")}, {"c", D("0"), D("0")}, {"d", D("-1"), D("2")}}),
              ::testing::ElementsAre("-5 0 a", "0 -2 a b", "0 -2 a b c", "-1 0 a b c d"));
  EXPECT_THAT(After({}), ::testing::IsEmpty());
}

// The periods that are told give the same again, and each step is what a valuation leaves.
TEST(CarriedTest, IsWhatValuationsLeave) {
  Terms terms;
  terms.scale = {Shape::kFlat, Bound::kFrom, {{Decimal(), D("0.02")}}};
  terms.currency = "CNY";
  terms.carry_negative = true;
  int carrying = 0;
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    Carried carried;
    Bases left;
    for (int i = 0; i < 12; ++i) {
      const PeriodSum sum{StrCat("p", i), Decimal::FromInt(draw.Pick(-5, 6)), Decimal::FromInt(draw.Pick(-3, 3))};
      const Rational amount = Rational(sum.amount) + left.base;
      left = EvaluateExactly(terms, {amount, amount, Rational(sum.quantity) + left.quantity}).carried;
      carried.Add(sum);
      ASSERT_EQ(Rational(carried.amount), left.base);
      ASSERT_EQ(Rational(carried.quantity), left.quantity);
      Carried again;
      for (const PeriodSum& one : carried.periods) again.Add(one);
      ASSERT_EQ(again, carried);
      carrying += !carried.periods.empty();
    }
  }
  EXPECT_GT(carrying, 1000);
}

}  // namespace
}  // namespace tributary::incentive
