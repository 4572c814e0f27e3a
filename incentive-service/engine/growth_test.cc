#include "incentive-service/engine/growth.h"

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

constexpr char kTenAndQuarterMore[] = "0:0 1.1:0.01 1.25:0.02";

Terms GrowthTermsOf(Shape shape, std::string_view tiers, GrowthPays pays = GrowthPays::kTotal,
                    Bound bound = Bound::kFrom) {
  Terms terms = TermsOf(shape, tiers, bound);
  terms.scale.measure = Measure::kGrowth;
  terms.growth_pays = pays;
  return terms;
}

// That current is measured against, whatever the reference was.
Baseline Against(std::string_view amount) { return BaselineOf(GrowthFallback::kNotEligible, {.agreed = D(amount)}); }

TEST(GrowthTest, TheBaselineIsTheReferenceOrWhatStandsInForIt) {
  constexpr auto kNone = GrowthFallback::kNotEligible;
  constexpr auto kFixed = GrowthFallback::kFixedBaseline;
  constexpr auto kProrate = GrowthFallback::kProrateByActiveDays;
  const struct {
    GrowthFallback fallback;
    const char* reference;
    int64_t active_days;  // of 90
    const char* agreed;   // empty: none
    const char* outcome;
  } kCases[] = {
      {kNone, "80000", 90, "", "MEASURED 80000"},
      {kNone, "0", 90, "", "BASELINE_NOT_POSITIVE"},
      {kNone, "-5", 90, "50000", "BASELINE_NOT_POSITIVE"},
      {kNone, "80000", 89, "", "NOT_ACTIVE_THROUGHOUT"},
      {kFixed, "80000", 90, "50000", "MEASURED 80000"},
      {kFixed, "0", 90, "50000", "MEASURED 50000"},
      {kFixed, "10000", 30, "50000", "MEASURED 50000"},
      {kFixed, "0", 90, "", "BASELINE_NOT_POSITIVE"},
      {kFixed, "10000", 30, "", "NOT_ACTIVE_THROUGHOUT"},
      // 20,000 in 30 of 90 days are 60,000 in all.
      {kProrate, "20000", 30, "", "MEASURED 60000"},
      {kProrate, "100", 70, "", "MEASURED 900/7"},
      {kProrate, "20000", 0, "", "NOT_ACTIVE_THROUGHOUT"},
      {kProrate, "-20000", 30, "", "BASELINE_NOT_POSITIVE"},
  };
  for (const auto& c : kCases) {
    GrowthFacts facts{D(c.reference), 90, c.active_days, {}};
    if (*c.agreed != '\0') facts.agreed = D(c.agreed);
    const Baseline baseline = BaselineOf(c.fallback, facts);
    std::string text(NameOf(baseline.outcome));
    if (baseline.outcome == GrowthOutcome::kMeasured) StrAppend(&text, " ", baseline.amount.ToString());
    EXPECT_EQ(text, c.outcome) << c.reference << " in " << c.active_days << " days";
  }
  // Whoever was taken over is measured with its successor, whatever it came to.
  EXPECT_EQ(
      BaselineOf(kNone, {.reference = D("80000"), .reference_days = 90, .active_days = 90, .successor = "p9"}).outcome,
      GrowthOutcome::kTakenOver);
  // Nothing but what was agreed.
  EXPECT_EQ(BaselineOf(kNone, {.agreed = D("5")}).amount, R("5"));
  EXPECT_EQ(BaselineOf(kNone, {}).outcome, GrowthOutcome::kBaselineNotPositive);
}

TEST(GrowthTest, PaysForWhatGrew) {
  constexpr auto kTotal = GrowthPays::kTotal;
  constexpr auto kIncrement = GrowthPays::kIncrement;
  const struct {
    Shape shape;
    GrowthPays pays;
    const char* tiers;
    const char* baseline;
    const char* current;
    const char* value;
  } kCases[] = {
      // 80,000 to 100,000 at 2 %: 2,000 on the total, 400 on the increment (SEMANTICS R9).
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "80000", "100000", "[1.25, ∞) 100000 = 2000"},
      {Shape::kRetroactive, kIncrement, kTenAndQuarterMore, "80000", "100000", "[1.25, ∞) 20000 = 400"},
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "80000", "99999.999999",
       "[1.1, 1.25) 99999999999/1000000 = 99999999999/100000000"},
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "80000", "88000", "[1.1, 1.25) 88000 = 880"},
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "80000", "87999.999999", "[0, 1.1) 87999999999/1000000 = 0"},
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "0.000003", "0.000004", "[1.25, ∞) 1/250000 = 1/12500000"},
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "80000", "0", "nothing = 0"},
      {Shape::kRetroactive, kTotal, kTenAndQuarterMore, "80000", "-5", "nothing = 0"},
      // A decline that is still paid for has no increment to pay on.
      {Shape::kRetroactive, kTotal, "0:0 0.9:0.01", "100", "95", "[0.9, ∞) 95 = 19/20"},
      {Shape::kRetroactive, kIncrement, "0:0 0.9:0.01", "100", "95", "[0.9, ∞) 0 = 0"},
      {Shape::kFlat, kIncrement, "0:0.02", "80000", "100000", "[0, ∞) 20000 = 400"},
      // Widths are those of growth: 1 % of what lies between 80,000 and 100,000, 2 % of the rest.
      {Shape::kMarginal, kTotal, "0:0 1:0.01 1.25:0.02", "80000", "110000",
       "[0, 1) 80000 [1, 1.25) 20000 [1.25, ∞) 10000 = 400"},
      {Shape::kTarget, kTotal, "1.1:+500 1.25:+2000", "80000", "88000", "[1.1, 1.25) 0 = 500"},
      {Shape::kTarget, kIncrement, "1.1:0.1", "80000", "90000", "[1.1, ∞) 10000 = 1000"},
      {Shape::kTarget, kTotal, "1.1:+500", "80000", "87999", "nothing = 0"},
      // 7 units are paid.
      {Shape::kPerUnit, kTotal, "0:+0 1.1:+3", "80000", "88000", "[1.1, ∞) 7 = 21"},
  };
  for (const auto& c : kCases) {
    const Terms terms = GrowthTermsOf(c.shape, c.tiers, c.pays);
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, EvaluateGrowth(terms, Against(c.baseline), R(c.current), R("7")));
    std::string text = valuation.parts.empty() ? "nothing " : "";
    for (const ScalePart& part : valuation.parts) {
      StrAppend(&text, IntervalText(terms.scale, part.tier), " ", part.amount.ToString(), " ");
    }
    EXPECT_EQ(StrCat(text, "= ", valuation.exact.ToString()), c.value) << c.baseline << " to " << c.current;
    EXPECT_EQ(valuation.scaled, valuation.before);
  }
}

TEST(GrowthTest, WhatIsNotMeasuredIsWorthNothingWhateverTheFloor) {
  Terms terms = GrowthTermsOf(Shape::kRetroactive, kTenAndQuarterMore);
  terms.floor = D("100");
  ASSERT_OK_AND_ASSIGN(const Valuation none,
                       EvaluateGrowth(terms, BaselineOf(GrowthFallback::kNotEligible, {}), R("500"), R("1")));
  EXPECT_TRUE(none.exact.zero() && none.parts.empty());
  ASSERT_OK_AND_ASSIGN(const Valuation floored, EvaluateGrowth(terms, Against("500"), R("500"), R("1")));
  EXPECT_EQ(floored.minor, 10000);
  EXPECT_EQ(floored.limit, Limit::kFloor);
}

TEST(GrowthTest, TellsWhatIsMissingInMoney) {
  const struct {
    Bound bound;
    GrowthPays pays;
    const char* baseline;
    const char* current;
    const char* next;
  } kCases[] = {
      {Bound::kFrom, GrowthPays::kTotal, "80000", "85000", "88000 3000 0 88000"},
      {Bound::kFrom, GrowthPays::kIncrement, "80000", "88000", "100000 12000 8000 40000"},
      {Bound::kUpto, GrowthPays::kTotal, "80000", "88000", "88000 0.000001 0 88000"},
      {Bound::kFrom, GrowthPays::kTotal, "80000", "100000", "none 0 200000 200000"},
      {Bound::kFrom, GrowthPays::kTotal, "80000", "0", "88000 88000 0 ?"},
  };
  for (const auto& c : kCases) {
    const Terms terms = GrowthTermsOf(Shape::kRetroactive, kTenAndQuarterMore, c.pays, c.bound);
    ASSERT_OK_AND_ASSIGN(const NextStep next, NextGrowth(terms, Against(c.baseline), R(c.current), R("1")));
    EXPECT_EQ(StrCat(next.from.has_value() ? next.from->ToString() : "none", " ", next.missing.ToString(), " ",
                     next.value_now, " ", next.value_then.has_value() ? StrCat(*next.value_then) : "?"),
              c.next)
        << c.baseline << " to " << c.current;
  }
}

TEST(GrowthTest, TermsThatDoNotGoWithGrowthAreRefused) {
  const auto blamed = [](const Terms& terms) {
    std::vector<std::string> fields;
    for (const FieldViolation& one : CheckTermsValue(terms, "p")) fields.push_back(one.field);
    return fields;
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(blamed(GrowthTermsOf(Shape::kMarginal, kTenAndQuarterMore)), ElementsAre());
  EXPECT_THAT(blamed(GrowthTermsOf(Shape::kMarginal, kTenAndQuarterMore, GrowthPays::kIncrement)),
              ElementsAre("p.growth.pays"));
  Terms penalty = GrowthTermsOf(Shape::kRetroactive, kTenAndQuarterMore);
  penalty.max_penalty = D("5");
  EXPECT_THAT(blamed(penalty), ElementsAre("p.max_penalty"));
}

}  // namespace
}  // namespace tributary::incentive
