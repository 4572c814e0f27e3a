#include "inventory-service/forecasting/forecast.h"

#include <cmath>
#include <cstdint>

#include "inventory-service/forecasting/estimate.h"

namespace tributary::inventory {
namespace {

// One method on its way through a series.
class Forecaster {
 public:
  explicit Forecaster(ForecastMethod method) : method_(method) {}

  // What it says of the next period.
  double Next() const {
    if (method_ != ForecastMethod::kSyntetosBoylan) return level_;
    return interval_ == 0 ? 0 : (1 - kAlpha / 2) * level_ / interval_;
  }

  void Learn(double demand) {
    switch (method_) {
      case ForecastMethod::kNaive:
        level_ = demand;
        return;
      case ForecastMethod::kExponentialSmoothing:
        level_ = begun_ ? level_ + ToDouble(kLevelSmoothing) * (demand - level_) : demand;
        begun_ = true;
        return;
      case ForecastMethod::kSyntetosBoylan:
        ++since_;
        if (demand == 0) return;
        level_ = begun_ ? level_ + kAlpha * (demand - level_) : demand;
        interval_ = begun_ ? interval_ + kAlpha * (since_ - interval_) : since_;
        begun_ = true;
        since_ = 0;
        return;
    }
  }

 private:
  inline static const double kAlpha = ToDouble(kIntervalSmoothing);
  ForecastMethod method_;
  bool begun_ = false;
  double level_ = 0;     // or the size of a demand
  double interval_ = 0;  // periods from one demand to the next
  int since_ = 0;        // periods since the last demand
};

struct Outcome {
  Decimal next;
  BackTest test;
};

Outcome Run(ForecastMethod method, absl::Span<const std::optional<Decimal>> demand) {
  Forecaster forecaster(method);
  int known = 0;
  double absolute = 0;
  double squared = 0;
  for (const std::optional<Decimal>& period : demand) {
    if (!period.has_value()) continue;
    const double actual = ToDouble(*period);
    if (known++ >= kWarmUp) {
      const double error = actual - forecaster.Next();
      absolute += std::abs(error);
      squared += error * error;
    }
    forecaster.Learn(actual);
  }
  Outcome outcome{.next = Rounded(forecaster.Next(), 6),
                  .test = {.method = method, .origins = known > kWarmUp ? known - kWarmUp : 0}};
  if (outcome.test.origins > 0) {
    outcome.test.mean_absolute_error = Rounded(absolute / outcome.test.origins, 6);
    outcome.test.root_mean_square_error = Rounded(std::sqrt(squared / outcome.test.origins), 6);
  }
  return outcome;
}

int KnownOf(absl::Span<const std::optional<Decimal>> demand) {
  int known = 0;
  for (const std::optional<Decimal>& period : demand) known += period.has_value();
  return known;
}

}  // namespace

std::optional<Decimal> ForecastBy(ForecastMethod method, absl::Span<const std::optional<Decimal>> demand) {
  if (KnownOf(demand) == 0) return std::nullopt;
  return Run(method, demand).next;
}

std::optional<Forecast> ForecastDemand(absl::Span<const std::optional<Decimal>> demand) {
  if (KnownOf(demand) < kFewestPeriods) return std::nullopt;
  Forecast forecast;
  std::optional<Decimal> least;
  Decimal naive;
  for (const ForecastMethod method : kForecastMethods) {
    Outcome outcome = Run(method, demand);
    const Decimal error = outcome.test.mean_absolute_error;
    if (method == ForecastMethod::kNaive) naive = error;
    if (!naive.zero()) outcome.test.error_ratio = Rounded(ToDouble(error) / ToDouble(naive), 6);
    if (!least.has_value() || error < *least) {
      least = error;
      forecast.method = method;
      forecast.mean = outcome.next;
      forecast.deviation = outcome.test.root_mean_square_error;
    }
    forecast.back_tests.push_back(outcome.test);
  }
  return forecast;
}

std::string_view NameOf(ForecastMethod method) {
  switch (method) {
    case ForecastMethod::kNaive:
      return "NAIVE";
    case ForecastMethod::kExponentialSmoothing:
      return "EXPONENTIAL_SMOOTHING";
    case ForecastMethod::kSyntetosBoylan:
      return "SYNTETOS_BOYLAN";
  }
  return "METHOD_UNSPECIFIED";
}

}  // namespace tributary::inventory
