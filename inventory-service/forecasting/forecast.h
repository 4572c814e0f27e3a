#pragma once

// Forecasts of demand, each judged by what it would have said in the past. Pure.
//
//   naive                  the next period is like the last one that is known.
//   exponential smoothing  level += a * (demand - level), beginning with the first demand (R. G. Brown, Statistical
//                          Forecasting for Inventory Control, 1959); a = kLevelSmoothing.
//   Syntetos-Boylan        for intermittent demand: the size z of what is asked for and the interval p between two
//                          periods with demand are smoothed apart, whenever there is demand (J. D. Croston, Forecasting
//                          and Stock Control for Intermittent Demands, 1972), and the forecast (1 - a/2) * z / p is
//                          freed of the bias of z / p (A. A. Syntetos and J. E. Boylan, The Accuracy of Intermittent
//                          Demand Estimates, 2005); a = kIntervalSmoothing. The first demand sets z; p is then the
//                          number of periods up to it. Before it the forecast is 0.
//
// Back-test: from a rolling origin, one period ahead (L. J. Tashman, Out-of-sample tests of forecasting accuracy,
// 2000). Each known period after the first kWarmUp known ones is forecast from what came before it. The error shown is
// the MAE ratio: the method's mean absolute error over that of the naive method at the same origins (R. J. Hyndman and
// A. B. Koehler, Another look at measures of forecast accuracy, 2006), so that naive is 1 and less is better. The
// method with the least mean absolute error, as rounded, is chosen; among equals the simpler one: naive, exponential
// smoothing, Syntetos-Boylan.
//
// A period that is not known changes no method's mind: it is neither a demand nor a period without demand.
//
// Everything inside is computed in double; everything outside is rounded half-even to six decimals.

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"

namespace tributary::inventory {

// In the order in which ties are decided. The numbers are stored and are those of the wire.
enum class ForecastMethod { kNaive = 1, kExponentialSmoothing = 2, kSyntetosBoylan = 3 };
inline constexpr std::array kForecastMethods = {ForecastMethod::kNaive, ForecastMethod::kExponentialSmoothing,
                                                ForecastMethod::kSyntetosBoylan};

inline constexpr Decimal kLevelSmoothing = Decimal::FromMicros(200000);     // 0.2
inline constexpr Decimal kIntervalSmoothing = Decimal::FromMicros(100000);  // 0.1
inline constexpr int kWarmUp = 4;
// Fewer known periods than this give no forecast.
inline constexpr int kFewestPeriods = 8;

struct BackTest {
  ForecastMethod method = ForecastMethod::kNaive;
  int origins = 0;  // periods that were forecast and are known
  Decimal mean_absolute_error;
  Decimal root_mean_square_error;
  // MAE over the naive MAE; unset where the naive method made no error.
  std::optional<Decimal> error_ratio;
  friend bool operator==(const BackTest&, const BackTest&) = default;
};

struct Forecast {
  ForecastMethod method = ForecastMethod::kNaive;
  Decimal mean;                      // demand to expect in a period
  Decimal deviation;                 // root mean square error of the method in the back-test: what `mean` may be off by
  std::vector<BackTest> back_tests;  // in the order of kForecastMethods
  friend bool operator==(const Forecast&, const Forecast&) = default;
};

// What `method` says of the period after the last one of `demand`, oldest first; unset where nothing is known.
std::optional<Decimal> ForecastBy(ForecastMethod method, absl::Span<const std::optional<Decimal>> demand);

// By the method that did best; unset with fewer than kFewestPeriods known periods. No demand is negative.
std::optional<Forecast> ForecastDemand(absl::Span<const std::optional<Decimal>> demand);

std::string_view NameOf(ForecastMethod method);

}  // namespace tributary::inventory
