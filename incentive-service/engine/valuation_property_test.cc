// What must hold for every scale and sums. Each case has a seed, printed where it fails.

#include <functional>
#include <random>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/testing_terms.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {
namespace {

class Case {
 public:
  explicit Case(uint64_t seed) : random_(seed) {
    terms.currency = "USD";
    Scale& scale = terms.scale;
    scale.shape = static_cast<Shape>(Pick(1, 7));
    scale.bound = Pick(0, 1) == 0 ? Bound::kFrom : Bound::kUpto;
    scale.measure = Pick(0, 2) == 0 ? Measure::kQuantity : Measure::kAmount;
    const bool amounts = scale.shape == Shape::kPerUnit || (scale.shape == Shape::kTarget && Pick(0, 1) == 0);
    Decimal from = scale.shape == Shape::kTarget ? Decimal::FromInt(Pick(0, 50)) : Decimal();
    for (int64_t i = scale.shape == Shape::kFlat ? 1 : Pick(1, 5); i > 0; --i) {
      const Decimal value = Decimal::FromMicros(Pick(1, 200'000));
      scale.tiers.push_back({from, amounts ? Decimal() : value, amounts ? value : Decimal()});
      from += Decimal::FromMicros(Pick(1, 100'000'000));
    }
    EXPECT_TRUE(CheckTermsValue(terms, "").empty());
    // Often just at a bound.
    const Decimal step = Decimal::FromMicros(Pick(-1, 1));
    q = Pick(0, 1) == 0 ? Decimal::FromMicros(Pick(-1'000'000, 400'000'000))
                        : scale.tiers[Pick(0, static_cast<int64_t>(scale.tiers.size()) - 1)].from + step;
    bases.reach = bases.base = Rational(q);
    bases.quantity = Rational(q);
  }
  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }

  Terms terms;
  Decimal q;
  Bases bases;

 private:
  std::mt19937_64 random_;
};

void ForEachCase(const std::function<void(Case& one)>& holds) {
  for (uint64_t seed = 1; seed <= 20'000 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Case one(seed);
    holds(one);
  }
}

// Worked out tier by tier from the definitions, with nothing shared but the numbers.
Rational ByDefinition(const Scale& scale, Decimal q, const Rational& units) {
  const auto reaches = [&](size_t tier) {
    return scale.bound == Bound::kFrom ? q >= scale.tiers[tier].from : q > scale.tiers[tier].from;
  };
  Rational sum;
  for (size_t i = 0; i < scale.tiers.size() && q > Decimal() && reaches(i); ++i) {
    const Tier& tier = scale.tiers[i];
    const bool last = i + 1 == scale.tiers.size() || !reaches(i + 1);
    const Decimal filled = last ? q : scale.tiers[i + 1].from;  // min(Q, upper)
    const Rational rate(tier.rate);
    switch (scale.shape) {
      case Shape::kMarginal:
        sum = sum + Rational(filled - tier.from) * rate;
        break;
      case Shape::kRolling:
        sum = sum + Rational(filled) * rate;
        break;
      case Shape::kTotal:
        sum = sum + Rational(q) * rate;
        break;
      case Shape::kRetroactive:
      case Shape::kFlat:
        if (last) sum = Rational(q) * rate;
        break;
      case Shape::kTarget:
        if (last) sum = Rational(q) * rate + Rational(tier.amount);
        break;
      case Shape::kPerUnit:
        if (last) sum = units * Rational(tier.amount);
        break;
    }
  }
  return sum;
}

TEST(ValuationPropertyTest, EveryShapeIsItsDefinition) {
  ForEachCase([](Case& one) {
    const Valuation valuation = EvaluateExactly(one.terms, one.bases);
    EXPECT_EQ(valuation.exact, ByDefinition(one.terms.scale, one.q, one.bases.quantity));
    Rational sum;
    for (const ScalePart& part : valuation.parts) {
      EXPECT_EQ(part.value, part.amount * Rational(part.rate) + Rational(part.once));
      sum = sum + part.value;
    }
    EXPECT_EQ(sum, valuation.scaled);
  });
}

// Rates are paid on B in proportion; amounts are not.
TEST(ValuationPropertyTest, AShareOfTheBaseEarnsThatShare) {
  ForEachCase([](Case& one) {
    const Rational whole = EvaluateExactly(one.terms, one.bases).exact;
    one.bases.base = one.bases.base * R("0.25");
    const Rational quarter = EvaluateExactly(one.terms, one.bases).exact;
    const bool once = one.terms.scale.shape == Shape::kPerUnit || !one.terms.scale.tiers[0].amount.zero();
    EXPECT_EQ(quarter, once ? whole : whole * R("0.25"));
  });
}

TEST(ValuationPropertyTest, ValuesLieBetweenFloorAndCap) {
  ForEachCase([](Case& one) {
    const Rational before = EvaluateExactly(one.terms, one.bases).exact;
    one.terms.floor = Decimal::FromInt(one.Pick(0, 10));
    one.terms.cap = *one.terms.floor + Decimal::FromInt(one.Pick(1, 10));
    const Valuation limited = EvaluateExactly(one.terms, one.bases);
    EXPECT_EQ(limited.before, before);
    EXPECT_LE(limited.exact, Rational(*one.terms.cap));
    if (one.q > Decimal()) {
      EXPECT_GE(limited.exact, Rational(*one.terms.floor));
    }
    EXPECT_EQ(limited.limit == Limit::kNone, limited.exact == before);
  });
}

TEST(ValuationPropertyTest, APenaltyIsWhatItWouldPayWithTheOtherSign) {
  ForEachCase([](Case& one) {
    const Rational paid = EvaluateExactly(one.terms, one.bases).exact;
    one.terms.max_penalty = Decimal::FromInt(one.Pick(0, 10));
    if (!CheckTermsValue(one.terms, "").empty()) return;
    const Valuation penalty = EvaluateExactly(one.terms, one.bases);
    EXPECT_LE(penalty.exact, Rational());
    EXPECT_GE(penalty.exact, Rational(-*one.terms.max_penalty));
    if (one.terms.scale.shape != Shape::kTarget) {
      EXPECT_EQ(penalty.before, -paid);
    } else {
      EXPECT_EQ(penalty.parts.empty(), ReachedTiers(one.terms.scale, one.bases.reach) > 0);
    }
  });
}

TEST(ValuationPropertyTest, WhatNextLandsInTheNextTier) {
  ForEachCase([](Case& one) {
    ASSERT_OK_AND_ASSIGN(const NextStep next, WhatNext(one.terms, one.bases));
    const Scale& scale = one.terms.scale;
    const size_t reached = ReachedTiers(scale, one.bases.reach);
    if (!next.from.has_value()) {
      EXPECT_GE(std::max<size_t>(reached, scale.tiers[0].from.zero() ? 1 : 0), scale.tiers.size());
      return;
    }
    const size_t then = ReachedTiers(scale, Rational(one.q + next.missing));
    EXPECT_EQ(scale.tiers[then - 1].from, *next.from);
    EXPECT_EQ(ReachedTiers(scale, Rational(one.q + next.missing - Decimal::FromMicros(1))), then - 1);
  });
}

}  // namespace
}  // namespace tributary::incentive
