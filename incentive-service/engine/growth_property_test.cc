// What must hold of growth, whatever the numbers are.

#include <random>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/growth.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(GrowthPropertyTest, ScaleOfMoneyMakesNoDifferenceAndNothingIsDivided) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    Terms terms = TermsOf(Shape::kRetroactive, "0:0");
    terms.scale.measure = Measure::kGrowth;
    for (int64_t i = pick(1, 4), from = pick(500000, 1100000); i > 0; --i, from += pick(1, 300000)) {
      terms.scale.tiers.push_back({Decimal::FromMicros(from), Decimal::FromMicros(pick(0, 1000000))});
    }
    terms.growth_pays = pick(0, 1) == 0 ? GrowthPays::kTotal : GrowthPays::kIncrement;
    ASSERT_TRUE(CheckTermsValue(terms, "p").empty());
    const auto fallback = pick(0, 1) == 0 ? GrowthFallback::kNotEligible : GrowthFallback::kProrateByActiveDays;
    const int64_t reference = pick(-1000, 900000), current = pick(-1000, 2000000), active = pick(0, 90);
    const auto measured = [&](int64_t times) {
      return BaselineOf(fallback, {Decimal::FromMicros(reference * times), 90, active, {}});
    };
    const auto value = [&](int64_t times, int64_t more = 0) {
      return *EvaluateGrowth(terms, measured(times), Rational(Decimal::FromMicros(current * times + more)), Rational());
    };
    const Valuation one = value(1), thousand = value(1000);
    ASSERT_EQ(thousand.exact, one.exact * Rational::FromInt(1000));
    ASSERT_FALSE(one.exact.negative());
    ASSERT_EQ(one.parts.empty(), thousand.parts.empty());
    if (one.parts.empty()) continue;
    // The tier is met without a division, and the next one is not.
    const Rational baseline = measured(1).amount;
    const size_t tier = one.parts[0].tier;
    ASSERT_GE(Rational(Decimal::FromMicros(current)), baseline * Rational(terms.scale.tiers[tier].from));
    if (tier + 1 < terms.scale.tiers.size()) {
      ASSERT_LT(Rational(Decimal::FromMicros(current)), baseline * Rational(terms.scale.tiers[tier + 1].from));
    }
    // What is missing to the next tier reaches it, and a millionth less does not.
    const NextStep next = *NextGrowth(terms, measured(1), Rational(Decimal::FromMicros(current)), Rational());
    if (!next.from.has_value()) continue;
    const auto missing = static_cast<int64_t>(next.missing.micros());
    ASSERT_EQ(value(1, missing).parts.at(0).tier, tier + 1);
    ASSERT_EQ(value(1, missing - 1).parts.at(0).tier, tier);
  }
}

}  // namespace
}  // namespace tributary::incentive
