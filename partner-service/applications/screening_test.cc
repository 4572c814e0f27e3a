#include "partner-service/applications/screening.h"

#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

std::optional<Money> Sales(const char* amount, const char* currency) {
  return Money{.currency = currency, .amount = *Decimal::Parse(amount)};
}

TEST(ScreeningTest, ByTheTable) {
  const std::optional<Money> none;
  struct Case {
    const char* legal_name;
    const char* kind;
    const char* region;
    std::optional<Money> sales;
    std::optional<int> employees;
    std::optional<int> opened;
    int score;  // passed from 60
  };
  const Case cases[] = {
      {"", "", "", none, {}, {}, 0},
      {"Acme", "", "", none, {}, {}, 20},
      {"Acme", "DEALER", "", none, {}, {}, 40},
      {"Acme", "DEALER", "regions/aw-1", none, {}, {}, 60},
      {"Acme", "DEALER", "", Sales("1000000", "USD"), 50, 2000, 80},
      {"Acme", "DEALER", "", Sales("0", "USD"), 0, 2026, 49},
      // Bands of sales; the bound belongs to the band above.
      {"", "", "", Sales("0", "USD"), {}, {}, 5},
      {"", "", "", Sales("99999.999999", "USD"), {}, {}, 5},
      {"", "", "", Sales("100000", "USD"), {}, {}, 10},
      {"", "", "", Sales("500000", "EUR"), {}, {}, 15},
      {"", "", "", Sales("1000000", "GBP"), {}, {}, 20},
      {"", "", "", Sales("1000000", "CNY"), {}, {}, 10},
      {"", "", "", Sales("699999.99", "CNY"), {}, {}, 5},
      {"", "", "", Sales("7000000", "CNY"), {}, {}, 20},
      {"", "", "", Sales("1000000", "JPY"), {}, {}, 0},
      // Bands of employees.
      {"", "", "", none, 0, {}, 2},
      {"", "", "", none, 9, {}, 2},
      {"", "", "", none, 10, {}, 6},
      {"", "", "", none, 49, {}, 6},
      {"", "", "", none, 50, {}, 10},
      // Bands of years in 2026.
      {"", "", "", none, {}, 2026, 2},
      {"", "", "", none, {}, 2025, 4},
      {"", "", "", none, {}, 2023, 7},
      {"", "", "", none, {}, 2017, 7},
      {"", "", "", none, {}, 2016, 10},
      {"", "", "", none, {}, 2027, 0},
      {"Acme", "DEALER", "regions/aw-1", Sales("3000000", "USD"), 100, 1974, 100},
  };
  for (const Case& c : cases) {
    const Screening screening = Screen({.legal_name = c.legal_name,
                                        .kind = c.kind,
                                        .home_region = c.region,
                                        .annual_sales = c.sales,
                                        .employees = c.employees,
                                        .year_opened = c.opened,
                                        .year = 2026});
    SCOPED_TRACE(c.score);
    EXPECT_EQ(screening.score, c.score);
    EXPECT_EQ(screening.passed, c.score >= 60);
    EXPECT_EQ(screening.pass_score, 60);
    EXPECT_EQ(screening.criteria_version, "2026-1");
    int sum = 0;
    for (const Criterion& criterion : screening.criteria) {
      sum += criterion.points;
      EXPECT_GE(criterion.points, 0) << criterion.name;
      EXPECT_LE(criterion.points, criterion.max_points) << criterion.name;
      EXPECT_FALSE(criterion.explanation.empty()) << criterion.name;
      if (criterion.missing) {
        EXPECT_EQ(criterion.points, 0) << criterion.name;
      }
    }
    EXPECT_EQ(sum, screening.score);
  }
}

TEST(ScreeningTest, WhatIsNotToldIsShownAsMissing) {
  const Screening screening = Screen({.legal_name = "Acme", .kind = "DEALER", .year_opened = 2030, .year = 2026});
  ASSERT_EQ(screening.criteria.size(), 6u);
  const bool missing[] = {false, false, true, true, true, true};
  int most = 0;
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(screening.criteria[i].missing, missing[i]) << screening.criteria[i].name;
    most += screening.criteria[i].max_points;
  }
  EXPECT_EQ(most, 100);
}

TEST(ScreeningTest, ACurrencyWithoutBandsIsToldButWorthNothing) {
  const Screening screening = Screen({.annual_sales = Sales("1000000", "JPY"), .year = 2026});
  EXPECT_FALSE(screening.criteria[3].missing);
  EXPECT_EQ(screening.criteria[3].points, 0);
}

}  // namespace
}  // namespace tributary::partner
