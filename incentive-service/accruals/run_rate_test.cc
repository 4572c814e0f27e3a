#include "incentive-service/accruals/run_rate.h"

#include <string>
#include <string_view>

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

Decimal N(std::string_view text) { return *Decimal::Parse(text); }
Date On(std::string_view text) { return *Date::Parse(text); }

const DateRange kQuarter = {On("2025-01-01"), On("2025-04-01")};  // 90 days

// 1 %, from 10,000 on 2 % of all.
Terms RetroactiveTerms(Measure measure = Measure::kAmount) {
  Terms terms;
  terms.scale = {Shape::kRetroactive, Bound::kFrom, {{Decimal(), N("0.01")}, {N("10000"), N("0.02")}}, measure};
  terms.currency = "CNY";
  return terms;
}

Pricing Of(std::string_view amount, std::string_view quantity = "0") {
  Pricing pricing;
  pricing.amount = Rational(N(amount));
  pricing.quantity = N(quantity);
  return pricing;
}

// "45 of 90 as of 2025-02-14: 12000 on 12000, tier 2, 24000, next 2025-03-16".
std::string ProjectedText(const Terms& terms, const Pricing& pricing, std::string_view until) {
  const absl::StatusOr<NextStep> next = NextOf(terms, pricing);
  EXPECT_OK(next);
  if (!next.ok()) return "";
  const auto projected = ProjectOf(terms, pricing, kQuarter, On(until), *next);
  EXPECT_OK(projected);
  if (!projected.ok()) return "";
  if (!projected->has_value()) return "none";
  const Projection& p = **projected;
  return StrCat(p.elapsed_days, " of ", p.period_days, " as of ", p.as_of.ToString(), ": ", p.bases.reach.ToString(),
                " on ", p.bases.base.ToString(), ", tier ", p.tiers, ", ", p.valuation.minor, ", next ",
                p.next_tier_on.has_value() ? p.next_tier_on->ToString() : "never");
}

TEST(RunRateTest, MultipliesWhatCameInByThePeriodOverItsElapsedDays) {
  const Terms terms = RetroactiveTerms();
  EXPECT_EQ(ProjectedText(terms, Of("6000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 12000 on 12000, tier 2, 24000, next 2025-03-16");
  EXPECT_EQ(ProjectedText(terms, Of("100"), "2025-01-02"),
            "1 of 90 as of 2025-01-01: 9000 on 9000, tier 1, 9000, next never");
  EXPECT_EQ(ProjectedText(terms, Of("100"), "2025-01-08"),
            "7 of 90 as of 2025-01-07: 9000/7 on 9000/7, tier 1, 1286, next never")
      << "exact, and rounded once";
  EXPECT_EQ(ProjectedText(terms, Of("20000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 40000 on 40000, tier 2, 80000, next never")
      << "there is no further tier";
  EXPECT_EQ(ProjectedText(terms, Of("9000"), "2025-04-01"),
            "90 of 90 as of 2025-03-31: 9000 on 9000, tier 1, 9000, next never");
  EXPECT_EQ(ProjectedText(terms, Of("6000"), "2025-01-01"), "none") << "no day has begun";
  EXPECT_EQ(ProjectedText(terms, Of("-6000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: -12000 on -12000, tier 0, 0, next never");
}

// The day on which it is reached is the first by whose end it has come in.
TEST(RunRateTest, TheLastDayIsStillWithinThePeriod) {
  EXPECT_EQ(ProjectedText(RetroactiveTerms(), Of("5000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 10000 on 10000, tier 2, 20000, next 2025-03-31");
  EXPECT_EQ(ProjectedText(RetroactiveTerms(), Of("4999.999999"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 4999999999/500000 on 4999999999/500000, tier 1, 10000, next never");
  Terms upto = RetroactiveTerms();
  upto.scale.bound = Bound::kUpto;
  EXPECT_EQ(ProjectedText(upto, Of("5000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 10000 on 10000, tier 1, 10000, next never");
}

TEST(RunRateTest, WhatIsCarriedDoesNotGrow) {
  Terms terms = RetroactiveTerms();
  terms.carry_negative = true;
  Pricing pricing = Of("6000");
  pricing.carried.amount = N("-3000");
  // 12,000 less 3,000; 13,000 of the quarter's own reach the tier: 45 x 13,000 / 6,000 = 97.5 days.
  EXPECT_EQ(ProjectedText(terms, pricing, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 9000 on 9000, tier 1, 9000, next never");
  pricing.carried.amount = N("-1000");
  // 11,000: 82.5 days.
  EXPECT_EQ(ProjectedText(terms, pricing, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 11000 on 11000, tier 2, 22000, next 2025-03-24");
}

// What a partner brought along came in before the suite went live, on days of the period.
TEST(RunRateTest, AnOpeningVolumeCameInAsLinesDid) {
  Pricing pricing = Of("2000", "200");
  pricing.carried.opening = OpeningVolume{.amount = N("4000"), .quantity = N("5800")};
  EXPECT_EQ(ProjectedText(RetroactiveTerms(), pricing, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 12000 on 12000, tier 2, 24000, next 2025-03-16");
  EXPECT_EQ(ProjectedText(RetroactiveTerms(Measure::kQuantity), pricing, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 12000 on 12000, tier 2, 24000, next 2025-03-16");
}

TEST(RunRateTest, GoesByTheMeasureOfTheTiers) {
  EXPECT_EQ(ProjectedText(RetroactiveTerms(Measure::kQuantity), Of("300", "6000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 12000 on 600, tier 2, 1200, next 2025-03-16");

  Terms growth;
  growth.scale = {Shape::kRetroactive, Bound::kFrom, {{Decimal(), Decimal()}, {N("1.1"), N("0.02")}}, Measure::kGrowth};
  growth.currency = "CNY";
  Pricing grown = Of("6000");
  grown.baseline =
      BaselineOf(GrowthFallback::kNotEligible, {.reference = N("10000"), .reference_days = 90, .active_days = 90});
  // 11,000 after 82.5 days.
  EXPECT_EQ(ProjectedText(growth, grown, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 6/5 on 12000, tier 2, 24000, next 2025-03-24");

  Terms mix;
  mix.scale = {Shape::kRetroactive, Bound::kFrom, {{Decimal(), Decimal()}, {N("0.3"), N("0.02")}}, Measure::kMix};
  mix.currency = "CNY";
  Pricing mixed = Of("6000");
  mixed.set = N("2400");
  EXPECT_EQ(ProjectedText(mix, mixed, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 2/5 on 4800, tier 2, 9600, next never");

  Terms margin = RetroactiveTerms(Measure::kMargin);
  margin.margin = MarginTerms{};
  Pricing earned;
  earned.margin = {N("10000"), Rational(N("4000")), 1};
  EXPECT_EQ(ProjectedText(margin, earned, "2025-02-15"),
            "45 of 90 as of 2025-02-14: 12000 on 12000, tier 2, 24000, next 2025-03-16");

  EXPECT_EQ(ProjectedText(RetroactiveTerms(Measure::kCount), Of("6000"), "2025-02-15"), "none")
      << "twice the days are not twice the customers";
}

// A target that charges where it is missed is projected as any other.
TEST(RunRateTest, AMissedTargetIsProjected) {
  Terms terms;
  terms.scale = {Shape::kTarget, Bound::kFrom, {{N("10000"), N("0.1")}}};
  terms.currency = "CNY";
  terms.max_penalty = N("5000");
  EXPECT_EQ(ProjectedText(terms, Of("4500"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 9000 on 9000, tier 0, -10000, next never");
  EXPECT_EQ(ProjectedText(terms, Of("6000"), "2025-02-15"),
            "45 of 90 as of 2025-02-14: 12000 on 12000, tier 1, 0, next 2025-03-16");
}

}  // namespace
}  // namespace tributary::incentive
