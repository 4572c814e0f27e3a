#include "inventory-service/forecasting/forecast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/time/testing_time.h"
#include "inventory-service/forecasting/demand.h"
#include "inventory-service/forecasting/estimate.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

using Series = std::vector<std::optional<Decimal>>;
constexpr int kUnknown = -1;

Series Of(const std::vector<int>& demand) {
  Series series;
  for (const int units : demand) {
    series.push_back(units == kUnknown ? std::nullopt : std::optional(Decimal::FromInt(units)));
  }
  return series;
}

// Worked out by hand: the forecasts before periods 5 to 8 are 13, 12, 14, 13 (naive) and 11.016, 11.2128, 11.77024,
// 12.016192 (smoothing 10, 12, 11, 13 and so on with 0.2); the demand was 12, 14, 13, 15.
TEST(ForecastTest, ARisingSeries) {
  const Series demand = Of({10, 12, 11, 13, 12, 14, 13, 15});
  const auto forecast = ForecastDemand(demand);
  ASSERT_TRUE(forecast.has_value());
  EXPECT_EQ(forecast->method, ForecastMethod::kNaive);
  EXPECT_EQ(forecast->mean, D("15"));
  EXPECT_EQ(forecast->deviation, D("1.581139"));  // the root of (1 + 4 + 1 + 4) / 4
  ASSERT_EQ(forecast->back_tests.size(), 3u);
  const BackTest& naive = forecast->back_tests[0];
  EXPECT_EQ(naive.origins, 4);
  EXPECT_EQ(naive.mean_absolute_error, D("1.5"));
  EXPECT_THAT(naive.error_ratio, Optional(D("1")));
  const BackTest& smoothing = forecast->back_tests[1];
  EXPECT_EQ(smoothing.mean_absolute_error, D("1.996192"));  // (0.984 + 2.7872 + 1.22976 + 2.983808) / 4
  EXPECT_THAT(smoothing.error_ratio, Optional(D("1.330795")));
  EXPECT_EQ(ForecastBy(ForecastMethod::kExponentialSmoothing, demand), D("12.612954"));
}

// 40 after nine periods without demand: z = 40, p = 10, 0.95 x 40 / 10 = 3.8. Of eight origins the demand missed is 40
// for all; afterwards naive says 40 and then 0, smoothing 8 and 6.4, Syntetos-Boylan 3.8 twice.
TEST(ForecastTest, OneDemandInTwelvePeriods) {
  const Series demand = Of({0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0});
  const auto forecast = ForecastDemand(demand);
  ASSERT_TRUE(forecast.has_value());
  EXPECT_EQ(forecast->method, ForecastMethod::kSyntetosBoylan);
  EXPECT_EQ(forecast->mean, D("3.8"));
  EXPECT_EQ(forecast->back_tests[0].mean_absolute_error, D("10"));    // 80 / 8
  EXPECT_EQ(forecast->back_tests[1].mean_absolute_error, D("6.8"));   // 54.4 / 8
  EXPECT_EQ(forecast->back_tests[2].mean_absolute_error, D("5.95"));  // 47.6 / 8
  EXPECT_THAT(forecast->back_tests[2].error_ratio, Optional(D("0.595")));
}

// Sizes 6, 6, 6 at intervals 3, 4, 4: p = 3, 3.1, 3.19; 0.95 x 6 / 3.19.
TEST(ForecastTest, IntervalsAreSmoothedApartFromSizes) {
  const Series demand = Of({0, 0, 6, 0, 0, 0, 6, 0, 0, 0, 6, 0});
  EXPECT_EQ(ForecastBy(ForecastMethod::kSyntetosBoylan, demand), D("1.786834"));
  const absl::Span<const std::optional<Decimal>> before(demand.data(), 6);
  EXPECT_EQ(ForecastBy(ForecastMethod::kSyntetosBoylan, before), D("1.9"));
  EXPECT_EQ(ForecastBy(ForecastMethod::kSyntetosBoylan, before.subspan(0, 2)), D("0"));
}

TEST(ForecastTest, ManyARatherDifferentSeries) {
  const struct {
    const char* what;
    std::vector<int> demand;
    ForecastMethod method;
    const char* mean;
    const char* ratio;  // of the chosen method; "" where there is none
  } kCases[] = {
      {"up and down", {10, 30, 10, 30, 10, 30, 10, 30}, ForecastMethod::kSyntetosBoylan, "15.195328", "0.510156"},
      {"every other period",
       {20, 0, 20, 0, 20, 0, 20, 0, 20, 0, 20, 0},
       ForecastMethod::kSyntetosBoylan,
       "13.479862",
       "0.476295"},
      // No error at all: a tie of naive and smoothing, which the simpler one wins.
      {"flat", {5, 5, 5, 5, 5, 5, 5, 5, 5}, ForecastMethod::kNaive, "5", ""},
      {"nothing", {0, 0, 0, 0, 0, 0, 0, 0}, ForecastMethod::kNaive, "0", ""},
  };
  for (const auto& c : kCases) {
    const auto forecast = ForecastDemand(Of(c.demand));
    ASSERT_TRUE(forecast.has_value()) << c.what;
    EXPECT_EQ(NameOf(forecast->method), NameOf(c.method)) << c.what;
    EXPECT_EQ(forecast->mean.ToString(), c.mean) << c.what;
    const auto& ratio = forecast->back_tests[static_cast<int>(forecast->method) - 1].error_ratio;
    EXPECT_EQ(ratio.has_value() ? ratio->ToString() : "", c.ratio) << c.what;
  }
}

TEST(ForecastTest, WhatIsNotKnownChangesNothing) {
  const auto whole = ForecastDemand(Of({10, 12, 11, 13, 12, 14, 13, 15}));
  EXPECT_EQ(ForecastDemand(Of({10, 12, kUnknown, 11, 13, 12, kUnknown, kUnknown, 14, 13, 15, kUnknown})), whole);
  // Which is not what a zero would do.
  EXPECT_NE(ForecastDemand(Of({10, 12, 0, 11, 13, 12, 0, 0, 14, 13, 15, 0})), whole);
}

TEST(ForecastTest, TooLittleIsNoForecast) {
  EXPECT_FALSE(ForecastDemand({}).has_value());
  EXPECT_FALSE(ForecastDemand(Of({1, 2, 3, 4, 5, 6, 7})).has_value());
  EXPECT_FALSE(ForecastDemand(Of({1, 2, 3, 4, kUnknown, kUnknown, 5, 6, 7})).has_value());
  EXPECT_TRUE(ForecastDemand(Of({1, 2, 3, 4, 5, 6, 7, 8})).has_value());
  EXPECT_FALSE(ForecastBy(ForecastMethod::kNaive, Of({kUnknown})).has_value());
}

TEST(DemandTest, WholePeriodsAreCountedBackFromTheEnd) {
  const std::map<Date, Decimal> sold = {{Day("2026-01-01"), D("100")}, {Day("2026-01-04"), D("2")},
                                        {Day("2026-01-10"), D("1.5")}, {Day("2026-01-11"), D("3")},
                                        {Day("2026-01-17"), D("4")},   {Day("2026-01-18"), D("50")}};
  // 15 days are two weeks and a day: the first day falls away.
  const DateRange known{Day("2026-01-03"), Day("2026-01-18")};
  const DemandSeries series = PeriodDemand(sold, known, {}, 7, 100);
  EXPECT_THAT(series.periods, ElementsAre(D("3.5"), D("7")));
  EXPECT_EQ(series.span.start, Day("2026-01-04"));
  EXPECT_EQ(series.span.end, Day("2026-01-18"));
  EXPECT_THAT(PeriodDemand(sold, known, {}, 7, 1).periods, ElementsAre(D("7")));
  EXPECT_THAT(PeriodDemand(sold, known, {}, 16, 100).periods, ElementsAre());
  EXPECT_THAT(PeriodDemand(sold, {Day("2026-01-18"), Day("2026-01-03")}, {}, 1, 100).periods, ElementsAre());
}

TEST(DemandTest, AGapIsUnknownAndNotZeroAndReturnsDoNotMakeDemandNegative) {
  const std::map<Date, Decimal> sold = {
      {Day("2026-01-01"), D("2")}, {Day("2026-01-03"), D("-5")}, {Day("2026-01-04"), D("1")}};
  const DateRange known{Day("2026-01-01"), Day("2026-01-09")};
  const DateRange gap{Day("2026-01-06"), Day("2026-01-07")};
  const DemandSeries series = PeriodDemand(sold, known, {gap}, 2, 100);
  EXPECT_THAT(series.periods, ElementsAre(D("2"), D("0"), std::nullopt, D("0")));
  EXPECT_EQ(series.known(), 3);
}

TEST(EstimateTest, RoundsHalfEven) {
  EXPECT_EQ(Rounded(0.5, 0), D("0"));
  EXPECT_EQ(Rounded(1.5, 0), D("2"));
  EXPECT_EQ(Rounded(-2.5, 0), D("-2"));
  EXPECT_EQ(Rounded(2.0625, 3), D("2.062"));
  EXPECT_EQ(Rounded(12.3456789, 6), D("12.345679"));
  EXPECT_EQ(Rounded(1e300, 3), Rounded(1e20, 3));
  EXPECT_EQ(ToDouble(D("-2024.994")), -2024.994);
}

// Quantiles as printed in any table of the normal distribution.
TEST(EstimateTest, NormalQuantiles) {
  const struct {
    const char* probability;
    const char* z;
  } kCases[] = {{"0.5", "0"},         {"0.9", "1.281552"},   {"0.95", "1.644854"},    {"0.975", "1.959964"},
                {"0.99", "2.326348"}, {"0.999", "3.090232"}, {"0.0001", "-3.719016"}, {"0.05", "-1.644854"}};
  for (const auto& c : kCases) EXPECT_EQ(NormalQuantile(D(c.probability)).ToString(), c.z) << c.probability;
}

}  // namespace
}  // namespace tributary::inventory
