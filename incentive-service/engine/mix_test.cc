#include "incentive-service/engine/mix.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

// From 30 % of the set on 1 %, from 50 % on 2 %.
Terms Mixed(MixPays pays, Bound bound = Bound::kFrom) {
  Terms terms;
  terms.scale = {
      Shape::kRetroactive, bound, {{D("0"), D("0")}, {D("0.3"), D("0.01")}, {D("0.5"), D("0.02")}}, Measure::kMix};
  terms.currency = "CNY";
  terms.mix_pays = pays;
  return terms;
}

TEST(MixTest, PaysTheShareThatIsReached) {
  constexpr auto kSet = MixPays::kSet;
  constexpr auto kAll = MixPays::kAll;
  const struct {
    MixPays pays;
    const char* set;
    const char* all;
    const char* value;
  } kCases[] = {
      {kSet, "300", "1000", "3"},
      {kAll, "300", "1000", "10"},
      {kSet, "299.999999", "1000", "0"},
      {kSet, "1", "3", "1/100"},
      {kSet, "500", "1000", "10"},
      {kSet, "1000", "1000", "20"},
      {kSet, "0", "0", "0"},
      {kSet, "-500", "-1000", "0"},
      {kSet, "500", "-1", "0"},
      {kAll, "-1", "1000", "0"},
      {kAll, "499.999999", "1000", "10"},
      {kSet, "1200", "1000", "24"},  // the rest was returned
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, EvaluateMix(Mixed(c.pays), D(c.set), Q(c.all)));
    EXPECT_EQ(valuation.exact.ToString(), c.value) << c.set << " of " << c.all;
    // The reached tier's part is told in money.
    if (valuation.parts.empty()) continue;
    EXPECT_EQ(valuation.parts[0].amount, Q(c.pays == kSet ? c.set : c.all));
    EXPECT_EQ(valuation.parts[0].value, valuation.exact);
  }
  // A bound that belongs to the tier below it.
  ASSERT_OK_AND_ASSIGN(const Valuation upto, EvaluateMix(Mixed(kSet, Bound::kUpto), D("300"), Q("1000")));
  EXPECT_TRUE(upto.exact.zero());
}

TEST(MixTest, SaysHowMuchMoreOfTheSetReachesTheNextTier) {
  // (100 + x) / (1,000 + x) = 0.3: x = 200 / 0.7.
  ASSERT_OK_AND_ASSIGN(const NextStep next, NextMix(Mixed(MixPays::kSet), D("100"), Q("1000")));
  EXPECT_EQ(next.from, D("0.3"));
  EXPECT_EQ(next.missing, D("285.714286"));
  EXPECT_EQ(next.value_now, 0);
  EXPECT_EQ(next.value_then, 386);
  // (400 + x) / (1,000 + x) = 0.5: x = 200, and with UPTO a millionth more.
  ASSERT_OK_AND_ASSIGN(const NextStep upto, NextMix(Mixed(MixPays::kAll, Bound::kUpto), D("400"), Q("1000")));
  EXPECT_EQ(upto.missing, D("200.000001"));
  EXPECT_EQ(upto.value_now, 1000);
  EXPECT_EQ(upto.value_then, 2400);
  ASSERT_OK_AND_ASSIGN(const NextStep last, NextMix(Mixed(MixPays::kSet), D("600"), Q("1000")));
  EXPECT_EQ(last.from, std::nullopt);
  ASSERT_OK_AND_ASSIGN(const NextStep nothing, NextMix(Mixed(MixPays::kSet), D("0"), Q("0")));
  EXPECT_EQ(nothing.from, std::nullopt);
  Terms whole = Mixed(MixPays::kSet);
  whole.scale.tiers[2].from = D("1");
  ASSERT_OK_AND_ASSIGN(const NextStep never, NextMix(whole, D("600"), Q("1000")));
  EXPECT_EQ(never.from, std::nullopt);
}

TEST(MixTest, MoreOfTheSetNeverReachesLess) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const auto micros = [&](int64_t low, int64_t high) { return Decimal::FromMicros(draw.Pick(low, high)); };
    const Decimal set = micros(-10, 1000), rest = micros(0, 1000), more = micros(1, 50);
    const Terms terms = Mixed(draw.Pick(0, 1) == 0 ? MixPays::kSet : MixPays::kAll);
    const Valuation before = EvaluateExactly(terms, MixBases(terms, set, Rational(set + rest)));
    const Valuation after = EvaluateExactly(terms, MixBases(terms, set + more, Rational(set + more + rest)));
    ASSERT_LE(before.exact, after.exact);
  }
}

TEST(MixTest, WhatIsWrongWithTermsIsNamed) {
  const auto fields = [](const Terms& terms) {
    std::vector<std::string> names;
    for (const FieldViolation& one : CheckTermsValue(terms, "t")) names.push_back(one.field);
    return names;
  };
  EXPECT_THAT(fields(Mixed(MixPays::kSet)), ::testing::IsEmpty());
  Terms terms = Mixed(MixPays::kSet);
  terms.scale.shape = Shape::kMarginal;
  terms.scale.tiers[2].from = D("1.1");
  terms.max_penalty = D("5");
  EXPECT_THAT(fields(terms), ::testing::ElementsAre("t.scale.shape", "t.scale.tiers[2].from_amount", "t.max_penalty"));
}

}  // namespace
}  // namespace tributary::incentive
