#include "inventory-service/forecasting/demand.h"

#include <algorithm>

namespace tributary::inventory {

int DemandSeries::known() const {
  return static_cast<int>(
      std::count_if(periods.begin(), periods.end(), [](const auto& demand) { return demand.has_value(); }));
}

DemandSeries PeriodDemand(const std::map<Date, Decimal>& by_day, DateRange known, absl::Span<const DateRange> unknown,
                          int period_days, int most_periods) {
  const int days = std::max(0, known.end.days() - known.start.days());
  const int count = std::min(days / period_days, most_periods);
  DemandSeries series{.span = {known.end.AddDays(-count * period_days), known.end}, .period_days = period_days};
  series.periods.reserve(count);
  for (int i = 0; i < count; ++i) {
    const Date start = series.span.start.AddDays(i * period_days);
    const DateRange period{start, start.AddDays(period_days)};
    std::optional<Decimal>& demand = series.periods.emplace_back();
    if (std::any_of(unknown.begin(), unknown.end(), [&](const DateRange& gap) { return gap.Intersects(period); })) {
      continue;
    }
    Decimal sum;
    for (auto day = by_day.lower_bound(period.start); day != by_day.end() && day->first < period.end; ++day) {
      sum += day->second;
    }
    demand = std::max(sum, Decimal());
  }
  return series;
}

}  // namespace tributary::inventory
