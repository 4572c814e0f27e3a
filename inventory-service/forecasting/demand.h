#pragma once

// Demand by periods: what a forecast reads. Pure values and decisions.

#include <map>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// What was asked for in each of a row of periods of equal length, oldest first. A period that nobody has told anything
// about is unset: no report is not zero.
struct DemandSeries {
  DateRange span;  // the days that the periods cover; empty where there are none
  int period_days = 0;
  std::vector<std::optional<Decimal>> periods;

  int known() const;
};

// The whole periods of `period_days` (1 or more) that fit into `known`, counted back from its end, at most
// `most_periods` of them. A day of `known` without an entry is a day without demand; days outside of `known` do not
// count. A period that touches one of the `unknown` ranges is unset. Where more came back than was sold, the period's
// demand is 0.
DemandSeries PeriodDemand(const std::map<Date, Decimal>& by_day, DateRange known, absl::Span<const DateRange> unknown,
                          int period_days, int most_periods);

}  // namespace tributary::inventory
