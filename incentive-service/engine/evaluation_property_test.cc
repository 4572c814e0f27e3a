// What must hold for every scale, amount and set of lines.

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

#include "common/status/status_matchers.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/shares.h"

namespace tributary::incentive {
namespace {

class EvaluationPropertyTest : public ::testing::Test {
 protected:
  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  // Amounts as documents state them: four decimals, and six now and then; some are returns.
  Decimal Amount() {
    const int64_t micros = Pick(0, 9) == 0 ? Pick(1, 90'000'000'000) : Pick(1, 900'000'000) * 100;
    return Decimal::FromMicros(Pick(0, 9) == 0 ? -micros : micros);
  }
  Terms AnyTerms() {
    Terms terms;
    terms.currency = std::vector<std::string>{"USD", "JPY", "KWD"}[Pick(0, 2)];
    terms.rounding = std::vector{Rounding::kHalfEven, Rounding::kHalfUp, Rounding::kDown}[Pick(0, 2)];
    terms.scale.shape = Pick(0, 1) == 0 ? Shape::kMarginal : Shape::kRetroactive;
    terms.scale.bound = Pick(0, 1) == 0 ? Bound::kFrom : Bound::kUpto;
    Decimal from;
    for (int64_t i = Pick(1, 6); i > 0; --i) {
      terms.scale.tiers.push_back({from, Decimal::FromMicros(Pick(0, 200'000))});
      from += Decimal::FromMicros(Pick(1, 200'000'000'000));
    }
    EXPECT_TRUE(CheckTiers(terms.scale.tiers, "").empty());
    return terms;
  }
  static Decimal Sum(const std::vector<Decimal>& amounts) {
    return std::accumulate(amounts.begin(), amounts.end(), Decimal());
  }

  std::mt19937_64 random_{20101229};
};

TEST_F(EvaluationPropertyTest, PartsSumToTheAmountAndTheValue) {
  for (int round = 0; round < 3000; ++round) {
    const Terms terms = AnyTerms();
    const Decimal amount = Decimal::FromMicros(Pick(-1'000'000, 2'000'000'000'000));
    ASSERT_OK_AND_ASSIGN(const Evaluation evaluation, Evaluate(terms, amount));
    Decimal covered;
    Rational value;
    for (const TierPart& part : evaluation.parts) {
      EXPECT_GT(part.amount, Decimal());
      covered += part.amount;
      value = value + part.value;
      if (terms.scale.shape == Shape::kMarginal && part.to.has_value()) {
        EXPECT_LE(part.amount, *part.to - part.from);
      }
    }
    EXPECT_EQ(covered, std::max(amount, Decimal()));
    EXPECT_EQ(value, evaluation.exact);
  }
}

TEST_F(EvaluationPropertyTest, MarginalIsContinuousAndGrows) {
  for (int round = 0; round < 1000; ++round) {
    Terms terms = AnyTerms();
    terms.scale.shape = Shape::kMarginal;
    const Decimal amount = terms.scale.tiers[Pick(0, static_cast<int64_t>(terms.scale.tiers.size()) - 1)].from;
    const Decimal step = Decimal::FromMicros(1);
    ASSERT_OK_AND_ASSIGN(const Evaluation below, Evaluate(terms, amount - step));
    ASSERT_OK_AND_ASSIGN(const Evaluation at, Evaluate(terms, amount));
    ASSERT_OK_AND_ASSIGN(const Evaluation above, Evaluate(terms, amount + step));
    EXPECT_LE(below.exact, at.exact);
    EXPECT_LE(at.exact, above.exact);
    EXPECT_LE(above.exact - below.exact, Rational(step) * Rational::FromInt(2)) << "no rate exceeds 1";
  }
}

TEST_F(EvaluationPropertyTest, OneRateInAllTiersIsThatRateOnTheAmount) {
  for (int round = 0; round < 1000; ++round) {
    Terms terms = AnyTerms();
    for (Tier& tier : terms.scale.tiers) tier.rate = terms.scale.tiers[0].rate;
    const Decimal amount = Decimal::FromMicros(Pick(0, 2'000'000'000'000));
    ASSERT_OK_AND_ASSIGN(const Evaluation evaluation, Evaluate(terms, amount));
    EXPECT_EQ(evaluation.exact, Rational(amount) * Rational(terms.scale.tiers[0].rate));
  }
}

// A line in two pieces earns what it earned whole: in total to the last digit, and in shares but for the rounding of
// each share to a unit.
TEST_F(EvaluationPropertyTest, SplittingALineChangesNothing) {
  for (int round = 0; round < 1000; ++round) {
    const Terms terms = AnyTerms();
    std::vector<Decimal> whole(Pick(1, 20));
    for (Decimal& amount : whole) amount = Amount();
    const size_t at = Pick(0, static_cast<int64_t>(whole.size()) - 1);
    std::vector<Decimal> split = whole;
    const Decimal piece = Amount();
    split[at] -= piece;
    split.insert(split.begin() + at, piece);

    ASSERT_OK_AND_ASSIGN(const Evaluation before, Evaluate(terms, Sum(whole)));
    ASSERT_OK_AND_ASSIGN(const Evaluation after, Evaluate(terms, Sum(split)));
    EXPECT_EQ(before.exact, after.exact);
    EXPECT_EQ(before.minor, after.minor);

    const std::vector<int64_t> shares = ShareOut(before.minor, whole);
    const std::vector<int64_t> pieces = ShareOut(after.minor, split);
    EXPECT_LE(std::abs(shares[at] - (pieces[at] + pieces[at + 1])), 2);
  }
}

TEST_F(EvaluationPropertyTest, TheOrderOfLinesLeavesNoTrace) {
  struct Line {
    LineKey key;
    Decimal amount;
  };
  for (int round = 0; round < 500; ++round) {
    const Terms terms = AnyTerms();
    std::vector<Line> lines(Pick(1, 40));
    for (size_t i = 0; i < lines.size(); ++i) {
      lines[i].key = {Date::FromDays(static_cast<int32_t>(15000 + Pick(0, 3))), "SO" + std::to_string(Pick(0, 4)),
                      Pick(1, 3), "fact" + std::to_string(i)};
      lines[i].amount = Pick(0, 1) == 0 ? Decimal::FromInt(10) : Amount();  // many equal remainders
    }
    std::vector<std::pair<std::string, int64_t>> first;
    for (int order = 0; order < 4; ++order) {
      std::shuffle(lines.begin(), lines.end(), random_);
      Decimal sum;
      for (const Line& line : lines) sum += line.amount;
      ASSERT_OK_AND_ASSIGN(const Evaluation evaluation, Evaluate(terms, sum));
      std::vector<Line> sorted = lines;
      std::sort(sorted.begin(), sorted.end(), [](const Line& a, const Line& b) { return a.key < b.key; });
      std::vector<Decimal> amounts;
      for (const Line& line : sorted) amounts.push_back(line.amount);
      const std::vector<int64_t> shares = ShareOut(evaluation.minor, amounts);
      EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), evaluation.minor);
      std::vector<std::pair<std::string, int64_t>> result;
      for (size_t i = 0; i < sorted.size(); ++i) result.emplace_back(sorted[i].key.fact, shares[i]);
      if (order == 0) first = result;
      EXPECT_EQ(result, first);
    }
  }
}

TEST_F(EvaluationPropertyTest, WhatNextLandsInTheNextTier) {
  for (int round = 0; round < 1000; ++round) {
    const Terms terms = AnyTerms();
    const Decimal amount = Decimal::FromMicros(Pick(-1'000'000, 1'000'000'000'000));
    ASSERT_OK_AND_ASSIGN(const NextTier next, WhatNext(terms, amount));
    const size_t tier = ReachedTier(terms.scale, amount);
    if (!next.from.has_value()) {
      EXPECT_EQ(tier + 1, terms.scale.tiers.size());
      continue;
    }
    EXPECT_EQ(ReachedTier(terms.scale, amount + next.missing), tier + 1);
    EXPECT_EQ(ReachedTier(terms.scale, amount + next.missing - Decimal::FromMicros(1)), tier);
    ASSERT_OK_AND_ASSIGN(const Evaluation then, Evaluate(terms, amount + next.missing));
    EXPECT_EQ(next.value_then, then.minor);
  }
}

}  // namespace
}  // namespace tributary::incentive
