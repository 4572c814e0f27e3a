#include "incentive-service/engine/evaluation.h"

#include "common/money/money.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

// The parts as "from..to:rate x amount = value", "," between.
std::string Explained(const Evaluation& evaluation) {
  std::string text;
  for (const TierPart& part : evaluation.parts) {
    if (!text.empty()) text += ", ";
    text += StrCat(part.from.ToString(), "..", part.to.has_value() ? part.to->ToString() : "", ": ",
                   part.amount.ToString(), " x ", part.rate.ToString(), " = ", part.value.ToString());
  }
  return text;
}

constexpr char kDynamics[] = "0:0.1 1000:0.25 2500:0";
constexpr char kOca[] = "0:0.05 1000:0.1 5000:0.2 20000:0";
constexpr char kOcaThree[] = "0:0.1 100:0.2 300:0.3 6000:0";
constexpr char kMinimum[] = "0:0 5000:0.02 20000:0.04";
constexpr char kQuarterly[] = "0:0.02 50000:0.03 100000:0.04";
constexpr char kTwoStep[] = "0:0.02 5000:0.04";

TEST(EvaluationTest, GivesThePublishedValues) {
  const struct {
    Shape shape;
    const char* tiers;
    const char* amount;
    const char* value;
  } kCases[] = {
      // Dynamics 365's example: 10 % up to 1,000 and 25 % up to 2,500 on 2,000; stepped and cumulative.
      {Shape::kMarginal, kDynamics, "2000", "350.00"},
      {Shape::kRetroactive, kDynamics, "2000", "500.00"},
      // Widths are paid, not bounds: OCA's module pays 4,550 on the second.
      {Shape::kMarginal, kOca, "1000", "50.00"},
      {Shape::kMarginal, kOca, "20000", "3450.00"},
      {Shape::kMarginal, kOca, "11500", "1750.00"},
      // A gap between inclusive bounds would earn nothing here.
      {Shape::kMarginal, kOca, "1000.50", "50.05"},
      {Shape::kRetroactive, kOca, "1000.50", "100.05"},
      // OCA pays 280 and 1,120.
      {Shape::kMarginal, kOcaThree, "1000", "260.00"},
      {Shape::kMarginal, kOcaThree, "3800", "1100.00"},
      // SAP's condition contract: nothing below the minimum, then the whole amount at the tier reached.
      {Shape::kRetroactive, kMinimum, "3000", "0.00"},
      {Shape::kRetroactive, kMinimum, "7000", "140.00"},
      {Shape::kRetroactive, kMinimum, "27000", "1080.00"},
      // A quarter that grows and shrinks.
      {Shape::kRetroactive, kQuarterly, "95617.0050", "2868.51"},
      {Shape::kRetroactive, kQuarterly, "101617.0050", "4064.68"},
      {Shape::kRetroactive, kQuarterly, "83808.5050", "2514.26"},
      {Shape::kRetroactive, kQuarterly, "60000", "1800.00"},
      {Shape::kMarginal, "0:0 100000:0.01 200000:0.02", "173808.5050", "738.09"},
      {Shape::kRetroactive, kTwoStep, "4900", "98.00"},
      {Shape::kRetroactive, kTwoStep, "5100", "204.00"},
      {Shape::kRetroactive, kTwoStep, "4950", "99.00"},
      {Shape::kRetroactive, "0:0.02 200000:0.03", "210000", "6300.00"},
      {Shape::kRetroactive, "0:0.02 200000:0.03", "175000", "3500.00"},
      // Nothing, and less than nothing.
      {Shape::kMarginal, kOca, "0", "0.00"},
      {Shape::kRetroactive, kOca, "0", "0.00"},
      {Shape::kMarginal, kOca, "-5000", "0.00"},
      {Shape::kRetroactive, kOca, "-5000", "0.00"},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const Evaluation evaluation, Evaluate(TermsOf(c.shape, c.tiers), D(c.amount)));
    EXPECT_EQ(FormatMinorUnits(evaluation.minor, "CNY"), c.value) << c.tiers << " on " << c.amount;
  }
}

TEST(EvaluationTest, ExplainsItself) {
  const struct {
    Shape shape;
    Bound bound;
    const char* amount;
    const char* parts;
    const char* exact;
  } kCases[] = {
      {Shape::kMarginal, Bound::kFrom, "11500",
       "0..1000: 1000 x 0.05 = 50, 1000..5000: 4000 x 0.1 = 400, 5000..20000: 6500 x 0.2 = 1300", "1750"},
      {Shape::kMarginal, Bound::kFrom, "1000", "0..1000: 1000 x 0.05 = 50", "50"},
      {Shape::kMarginal, Bound::kUpto, "1000", "0..1000: 1000 x 0.05 = 50", "50"},
      {Shape::kMarginal, Bound::kFrom, "1000.0001", "0..1000: 1000 x 0.05 = 50, 1000..5000: 0.0001 x 0.1 = 1/100000",
       "5000001/100000"},
      {Shape::kRetroactive, Bound::kFrom, "1000", "1000..5000: 1000 x 0.1 = 100", "100"},
      {Shape::kRetroactive, Bound::kUpto, "1000", "0..1000: 1000 x 0.05 = 50", "50"},
      {Shape::kRetroactive, Bound::kUpto, "1000.000001", "1000..5000: 1000.000001 x 0.1 = 1000000001/10000000",
       "1000000001/10000000"},
      {Shape::kRetroactive, Bound::kFrom, "30000", "20000..: 30000 x 0 = 0", "0"},
      {Shape::kMarginal, Bound::kFrom, "-3", "", "0"},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const Evaluation evaluation, Evaluate(TermsOf(c.shape, kOca, c.bound), D(c.amount)));
    EXPECT_EQ(Explained(evaluation), c.parts);
    EXPECT_EQ(evaluation.exact.ToString(), c.exact);
  }
}

TEST(EvaluationTest, RoundsOnceToTheCurrency) {
  const struct {
    const char* amount;  // at 1 %
    Rounding rounding;
    const char* currency;
    int64_t minor;
  } kCases[] = {
      {"0.5", Rounding::kHalfEven, "CNY", 0},      {"0.5", Rounding::kHalfUp, "CNY", 1},
      {"0.5", Rounding::kDown, "CNY", 0},          {"1.5", Rounding::kHalfEven, "CNY", 2},
      {"1.5", Rounding::kHalfUp, "CNY", 2},        {"1.5", Rounding::kDown, "CNY", 1},
      {"2.500001", Rounding::kHalfEven, "CNY", 3}, {"2.999999", Rounding::kDown, "CNY", 2},
      {"250", Rounding::kHalfEven, "JPY", 2},      {"250", Rounding::kHalfUp, "JPY", 3},
      {"1.25", Rounding::kHalfEven, "KWD", 12},    {"1.25", Rounding::kHalfUp, "KWD", 13},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(
        const Evaluation evaluation,
        Evaluate(TermsOf(Shape::kRetroactive, "0:0.01", Bound::kFrom, c.rounding, c.currency), D(c.amount)));
    EXPECT_EQ(evaluation.minor, c.minor) << c.amount << " " << c.currency;
  }
}

TEST(EvaluationTest, RefusesWhatDoesNotFit) {
  EXPECT_THAT(Evaluate(TermsOf(Shape::kRetroactive, "0:1"), D("99999999999999999999")), HasReason(Reason::kOverflow));
  EXPECT_THAT(
      Evaluate(TermsOf(Shape::kRetroactive, "0:1", Bound::kFrom, Rounding::kHalfEven, "XXQ"), D("1")).status().code(),
      absl::StatusCode::kInvalidArgument);
}

TEST(EvaluationTest, TellsWhatComesNext) {
  const struct {
    Shape shape;
    Bound bound;
    const char* tiers;
    const char* amount;
    const char* from;  // "" in the last tier
    const char* missing;
    int64_t now;
    int64_t then;
  } kCases[] = {
      {Shape::kRetroactive, Bound::kFrom, kQuarterly, "95617.0050", "100000", "4382.995", 286851, 400000},
      {Shape::kRetroactive, Bound::kFrom, kQuarterly, "100000", "", "0", 400000, 400000},
      {Shape::kRetroactive, Bound::kUpto, kQuarterly, "100000", "100000", "0.000001", 300000, 400000},
      {Shape::kRetroactive, Bound::kFrom, kQuarterly, "0", "50000", "50000", 0, 150000},
      {Shape::kRetroactive, Bound::kFrom, kQuarterly, "-10", "50000", "50010", 0, 150000},
      {Shape::kMarginal, Bound::kFrom, kQuarterly, "49999.99", "50000", "0.01", 100000, 100000},
      {Shape::kMarginal, Bound::kFrom, "0:0.02", "7", "", "0", 14, 14},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const NextTier next, WhatNext(TermsOf(c.shape, c.tiers, c.bound), D(c.amount)));
    EXPECT_EQ(next.from.has_value() ? next.from->ToString() : "", c.from) << c.amount;
    EXPECT_EQ(next.missing.ToString(), c.missing) << c.amount;
    EXPECT_EQ(next.value_now, c.now) << c.amount;
    EXPECT_EQ(next.value_then, c.then) << c.amount;
  }
}

}  // namespace
}  // namespace tributary::incentive
