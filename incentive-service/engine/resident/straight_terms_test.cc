#include "incentive-service/engine/resident/straight_terms.h"

#include <random>

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

// What either way answers; they must agree where both do.
absl::StatusOr<int64_t> MinorOf(const StraightTerms& terms, Decimal amount) {
  const absl::StatusOr<int64_t> minor = terms.Minor(amount.micros());
  int64_t fast;
  const auto narrow = static_cast<int64_t>(amount.micros());
  if (narrow == amount.micros() && terms.FastMinor(narrow, &fast)) {
    EXPECT_EQ(fast, minor.value_or(-1));
  }
  return minor;
}

TEST(StraightTermsTest, GivesThePublishedValues) {
  constexpr char kDynamics[] = "0:0.1 1000:0.25 2500:0";
  const struct {
    Shape shape;
    Bound bound;
    const char* tiers;
    const char* amount;
    int64_t minor;
  } kCases[] = {
      {Shape::kMarginal, Bound::kFrom, kDynamics, "2000", 35000},
      {Shape::kRetroactive, Bound::kFrom, kDynamics, "2000", 50000},
      {Shape::kRolling, Bound::kFrom, kDynamics, "2000", 60000},
      {Shape::kTotal, Bound::kFrom, kDynamics, "2000", 70000},
      {Shape::kRolling, Bound::kUpto, kDynamics, "1000", 10000},
      {Shape::kRolling, Bound::kFrom, kDynamics, "1000", 35000},
      {Shape::kFlat, Bound::kFrom, "0:0.03", "68400", 205200},
      {Shape::kTarget, Bound::kFrom, "500:+70", "499.99", 0},
      {Shape::kTarget, Bound::kFrom, "500:+70", "500", 7000},
      {Shape::kMarginal, Bound::kFrom, "0:0.05 1000:0.1 5000:0.2 20000:0", "20000", 345000},
      {Shape::kMarginal, Bound::kFrom, "0:0.01", "-5", 0},
      {Shape::kMarginal, Bound::kFrom, "0:0.01", "0", 0},
      {Shape::kFlat, Bound::kFrom, "0:0.01", "0.5", 0},
      {Shape::kFlat, Bound::kFrom, "0:0.01", "1.5", 2},
      {Shape::kFlat, Bound::kFrom, "0:1", "92233720368547758.07", 9223372036854775807},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const StraightTerms terms, StraightTerms::Of(TermsOf(c.shape, c.tiers, c.bound)));
    ASSERT_OK_AND_ASSIGN(const int64_t minor, MinorOf(terms, D(c.amount)));
    EXPECT_EQ(minor, c.minor) << c.tiers << " on " << c.amount;
  }
}

TEST(StraightTermsTest, RefusesWhatDoesNotFit) {
  ASSERT_OK_AND_ASSIGN(const StraightTerms terms, StraightTerms::Of(TermsOf(Shape::kFlat, "0:1")));
  EXPECT_THAT(terms.Minor(D("92233720368547758.08").micros()), HasReason(Reason::kOverflow));
  EXPECT_THAT(terms.Minor(D("99999999999999999999").micros() * 1000), HasReason(Reason::kOverflow));
  EXPECT_THAT(StraightTerms::Of(TermsOf(Shape::kPerUnit, "0:+1")), HasReason(Reason::kInvalidField));
  EXPECT_THAT(StraightTerms::Of(TermsOf(Shape::kFlat, "0:1", Bound::kFrom, Rounding::kHalfEven, "XXQ")),
              HasReason(Reason::kInvalidField));
}

// Any terms, any amount: the value that Evaluate gives.
TEST(StraightTermsTest, IsEvaluate) {
  for (uint64_t seed = 1; seed <= 20'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    Terms terms;
    terms.currency = std::vector<std::string>{"USD", "JPY", "KWD", "CLF"}[pick(0, 3)];
    terms.rounding = static_cast<Rounding>(pick(0, 5));
    Scale& scale = terms.scale;
    do scale.shape = static_cast<Shape>(pick(1, 7));
    while (scale.shape == Shape::kPerUnit);
    scale.bound = pick(0, 1) == 0 ? Bound::kFrom : Bound::kUpto;
    // Now and then of astronomers' size.
    const int64_t size = pick(0, 9) == 0 ? 1'000'000'000'000'000'000 : 100'000'000'000;
    const bool amounts = scale.shape == Shape::kTarget && pick(0, 1) == 0;
    Decimal from = scale.shape == Shape::kTarget ? Decimal::FromMicros(pick(0, size)) : Decimal();
    for (int64_t i = scale.shape == Shape::kFlat ? 1 : pick(1, 5); i > 0; --i) {
      const Decimal value = Decimal::FromMicros(pick(1, 200'000));
      scale.tiers.push_back({from, amounts ? Decimal() : value, amounts ? value : Decimal()});
      from += Decimal::FromMicros(pick(1, size));
    }
    if (pick(0, 9) == 0) terms.cap = Decimal::FromInt(pick(1, 1000));
    if (pick(0, 9) == 0) terms.max_penalty = Decimal::FromInt(pick(1, 1000));
    if (!CheckTermsValue(terms, "").empty()) continue;
    ASSERT_OK_AND_ASSIGN(const StraightTerms straight, StraightTerms::Of(terms));
    for (int i = 0; i < 10; ++i) {
      const Decimal at = scale.tiers[pick(0, static_cast<int64_t>(scale.tiers.size()) - 1)].from;
      const Decimal amount = pick(0, 1) == 0 ? at + Decimal::FromMicros(pick(-1, 1))
                                             : Decimal::FromMicros(absl::int128(pick(-size / 10, size)) * pick(1, 100));
      const absl::StatusOr<Evaluation> want = Evaluate(terms, amount);
      const absl::StatusOr<int64_t> got = MinorOf(straight, amount);
      ASSERT_EQ(got.ok(), want.ok()) << amount.ToString();
      if (want.ok()) {
        EXPECT_EQ(*got, want->minor) << amount.ToString();
      }
    }
  }
}

}  // namespace
}  // namespace tributary::incentive
