#include "cli/verify/growth.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

Integer Billion(const char* text) { return *ParseBillionths(text); }

TEST(VerifyGrowthTest, KnowsThePeriodBefore) {
  const struct {
    const char* id;
    bool by_a_year;
    const char* before;  // and its days
  } kCases[] = {
      {"2026Q1", false, "2025Q4 92"},
      {"2026Q1", true, "2025Q1 90"},
      {"2025Q1", true, "2024Q1 91"},
      {"2026-01", false, "2025-12 31"},
      {"2024-03", false, "2024-02 29"},
      {"2026-12", true, "2025-12 31"},
      {"2025", false, "2024 366"},
      {"2025", true, "2024 366"},
      {"2025Q5", false, "none"},
      {"2025-13", false, "none"},
      {"", false, "none"},
  };
  for (const auto& c : kCases) {
    const auto before = PeriodBefore(c.id, c.by_a_year);
    EXPECT_EQ(before.has_value() ? before->id + " " + std::to_string(before->days()) : "none", c.before) << c.id;
  }
  const CalendarPeriod quarter = *PeriodBefore("2026Q1", true);
  EXPECT_EQ(DaysFrom(quarter, ""), 90);
  EXPECT_EQ(DaysFrom(quarter, "2024-06-01"), 90);
  EXPECT_EQ(DaysFrom(quarter, "2025-03-02"), 30);
  EXPECT_EQ(DaysFrom(quarter, "2025-04-01"), 0);
  EXPECT_EQ(DaysFrom(quarter, "2026-01-01"), 0);
}

TEST(VerifyGrowthTest, WorksTheBaselineOut) {
  const struct {
    bool fixed;
    const char* fallback;
    const char* agreed;  // empty: none
    const char* reference;
    int active_days;  // of 90
    const char* outcome;
  } kCases[] = {
      {false, "NOT_ELIGIBLE", "", "80000", 90, "MEASURED 80000"},
      {false, "NOT_ELIGIBLE", "", "0", 90, "BASELINE_NOT_POSITIVE"},
      {false, "NOT_ELIGIBLE", "", "80000", 89, "NOT_ACTIVE_THROUGHOUT"},
      {false, "FIXED_BASELINE", "50000", "80000", 89, "MEASURED 50000"},
      {false, "FIXED_BASELINE", "", "80000", 89, "NOT_ACTIVE_THROUGHOUT"},
      {false, "PRORATE_BY_ACTIVE_DAYS", "", "100", 70, "MEASURED 900/7"},
      {false, "PRORATE_BY_ACTIVE_DAYS", "", "100", 0, "NOT_ACTIVE_THROUGHOUT"},
      {false, "PRORATE_BY_ACTIVE_DAYS", "", "-1", 70, "BASELINE_NOT_POSITIVE"},
      {true, "NOT_ELIGIBLE", "50000", "0", 0, "MEASURED 50000"},
      {true, "NOT_ELIGIBLE", "", "0", 0, "BASELINE_NOT_POSITIVE"},
      {true, "NOT_ELIGIBLE", "0", "0", 0, "BASELINE_NOT_POSITIVE"},
  };
  for (const auto& c : kCases) {
    BaselineInput input{c.fixed, c.fallback, {}, Billion(c.reference), c.fixed ? 0 : 90, c.active_days};
    if (*c.agreed != '\0') input.agreed = Billion(c.agreed);
    const BaselineWork worked = WorkOutBaseline(input);
    EXPECT_EQ(worked.outcome + (worked.baseline.has_value() ? " " + Text(*worked.baseline) : ""), c.outcome);
  }
}

TEST(VerifyGrowthTest, WorksTheValueOut) {
  ScaleTerms terms;
  terms.shape = ScaleShape::kRetroactive;
  terms.tiers = {{0, 0}, {Billion("1.1"), Billion("0.01")}, {Billion("1.25"), Billion("0.02")}};
  const auto value = [&](bool increment, const char* current) {
    const ScaleValue worked = WorkOutGrowth(terms, Whole(Billion("80000")), increment, Whole(Billion(current)), {});
    return Text(worked.parts.empty() ? Fraction() : worked.parts[0].amount) + " " + Text(worked.value);
  };
  EXPECT_EQ(value(false, "100000"), "100000 2000");
  EXPECT_EQ(value(true, "100000"), "20000 400");
  EXPECT_EQ(value(false, "88000"), "88000 880");
  EXPECT_EQ(value(true, "70000"), "0 0");
  EXPECT_EQ(value(false, "0"), "0 0");
  EXPECT_TRUE(WorkOutGrowth(terms, std::nullopt, false, Whole(Billion("5")), {}).parts.empty());
  EXPECT_TRUE(Equal(AsPrinted({5, 4}), {5, 4}));
  EXPECT_FALSE(Equal(AsPrinted({1, 3}), {1, 3}));
}

}  // namespace
}  // namespace tributary::cli::verify
