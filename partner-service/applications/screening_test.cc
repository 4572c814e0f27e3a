#include "partner-service/applications/screening.h"

#include <algorithm>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

std::optional<Money> Sales(const char* amount, const char* currency) {
  return Money{.currency = currency, .amount = *Decimal::Parse(amount)};
}

// The points of an aspect and of the whole sum exactly, and what is missing gives none.
void ExpectAdditive(const Screening& screening) {
  int sum = 0, most = 0;
  std::vector<std::string> missing;
  for (const Criterion& criterion : screening.criteria) {
    sum += criterion.points;
    most += criterion.max_points;
    EXPECT_GE(criterion.points, 0) << criterion.name;
    EXPECT_LE(criterion.points, criterion.max_points) << criterion.name;
    EXPECT_FALSE(criterion.explanation.empty()) << criterion.name;
    if (!criterion.missing) continue;
    EXPECT_EQ(criterion.points, 0) << criterion.name;
    missing.push_back(criterion.name);
  }
  EXPECT_EQ(sum, screening.score);
  EXPECT_EQ(most, 100);
  EXPECT_EQ(MissingOf(screening), missing);
  const std::vector<AspectScore> aspects = AspectsOf(screening);
  ASSERT_EQ(aspects.size(), 3u);
  EXPECT_EQ(aspects[0].aspect, Aspect::kQualification);
  EXPECT_EQ(aspects[1].aspect, Aspect::kReputation);
  EXPECT_EQ(aspects[2].aspect, Aspect::kCapability);
  EXPECT_EQ(aspects[0].points + aspects[1].points + aspects[2].points, screening.score);
  EXPECT_EQ(aspects[0].max_points + aspects[1].max_points + aspects[2].max_points, 100);
}

TEST(ScreeningTest, By2026_2) {
  const std::optional<Money> none;
  const struct {
    ScreeningInput input;
    int qualification, reputation, capability;
  } cases[] = {
      {{}, 0, 0, 0},
      {{.legal_name = "Acme", .kind = "DEALER"}, 20, 0, 0},
      {{.legal_name = "Acme", .kind = "DEALER", .home_region = "regions/aw-1"}, 35, 0, 0},
      {{.tax_id = "7", .licenses = 2}, 10, 0, 0},
      {{.year_opened = 2026}, 0, 3, 0},
      {{.year_opened = 2025}, 0, 6, 0},
      {{.year_opened = 2023}, 0, 10, 0},
      {{.year_opened = 2016}, 0, 15, 0},
      {{.year_opened = 2027}, 0, 0, 0},
      {{.references = 1}, 0, 4, 0},
      {{.references = 2}, 0, 7, 0},
      {{.references = 9}, 0, 10, 0},
      {{.annual_sales = Sales("99999.999999", "USD")}, 0, 0, 4},
      {{.annual_sales = Sales("100000", "EUR")}, 0, 0, 8},
      {{.annual_sales = Sales("3500000", "CNY")}, 0, 0, 12},
      {{.annual_sales = Sales("1000000", "GBP")}, 0, 0, 15},
      {{.annual_sales = Sales("1000000", "JPY")}, 0, 0, 0},
      {{.employees = 9}, 0, 0, 2},
      {{.employees = 10}, 0, 0, 6},
      {{.employees = 50}, 0, 0, 10},
      {{.certificates = 1}, 0, 0, 5},
      {{.legal_name = "Acme",
        .kind = "DEALER",
        .home_region = "regions/aw-1",
        .tax_id = "7",
        .annual_sales = Sales("1000000", "USD"),
        .employees = 50,
        .year_opened = 1974,
        .references = 3,
        .licenses = 1,
        .certificates = 1},
       45,
       25,
       30},
  };
  for (const auto& c : cases) {
    ScreeningInput input = c.input;
    input.year = 2026;
    const Screening screening = Screen(input);
    SCOPED_TRACE(screening.score);
    EXPECT_EQ(screening.criteria_version, "2026-2");
    ExpectAdditive(screening);
    const std::vector<AspectScore> aspects = AspectsOf(screening);
    EXPECT_EQ(aspects[0].points, c.qualification);
    EXPECT_EQ(aspects[1].points, c.reputation);
    EXPECT_EQ(aspects[2].points, c.capability);
    EXPECT_EQ(screening.passed, screening.score >= 50);
  }
}

TEST(ScreeningTest, TheVersionsAreKnown) {
  for (const char* known : {"", "2026-1", "2026-2"}) EXPECT_OK(CheckCriteriaVersion(known));
  EXPECT_THAT(CheckCriteriaVersion("2026-3"), Blames("criteria_version"));
}

TEST(ScreeningTest, By2026_1) {
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
                                        .year = 2026},
                                       "2026-1");
    SCOPED_TRACE(c.score);
    EXPECT_EQ(screening.score, c.score);
    EXPECT_EQ(screening.passed, c.score >= 60);
    EXPECT_EQ(screening.pass_score, 60);
    EXPECT_EQ(screening.criteria_version, "2026-1");
    ExpectAdditive(screening);
  }
}

TEST(ScreeningTest, WhatIsNotToldIsShownAsMissing) {
  const Screening screening = Screen({.legal_name = "Acme", .kind = "DEALER", .year_opened = 2030, .year = 2026});
  EXPECT_EQ(MissingOf(screening),
            (std::vector<std::string>{"home_region", "tax_id", "license", "years_in_business", "references",
                                      "annual_sales", "employees", "certificates"}));
}

TEST(ScreeningTest, ACurrencyWithoutBandsIsToldButWorthNothing) {
  const Screening screening = Screen({.annual_sales = Sales("1000000", "JPY"), .year = 2026});
  const auto sales = std::find_if(screening.criteria.begin(), screening.criteria.end(),
                                  [](const Criterion& one) { return one.name == "annual_sales"; });
  ASSERT_NE(sales, screening.criteria.end());
  EXPECT_FALSE(sales->missing);
  EXPECT_EQ(sales->points, 0);
}

}  // namespace
}  // namespace tributary::partner
