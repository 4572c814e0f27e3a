#pragma once

// What a period comes to by its end, if more comes in at the pace so far. Exact; a projection is told, and no operand
// of money.

#include <optional>

#include "absl/status/statusor.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

struct Projection {
  int elapsed_days = 0;  // of the period; what came in on them is multiplied by period_days / elapsed_days
  int period_days = 0;
  Date as_of;        // the last of the elapsed days
  Bases bases;       // at the end of the period
  size_t tiers = 0;  // how many are reached then
  Valuation valuation;
  std::optional<Date> next_tier_on;  // on which the next tier is reached; unset where it is not, or nothing says when
};

// `pricing`: of what came in before `until`, which lies within `period` or ends it; `next`: of that pricing. The days
// before `until` count as whole ones. What is carried into the period, scores of evaluations, baselines and the shares
// of mixes and margins stay as they are. nullopt before the period's first day has begun, and where what comes in does
// not add up by the day: counts, days to pay, free goods. OVERFLOW where the value has left its range.
absl::StatusOr<std::optional<Projection>> ProjectOf(const Terms& terms, const Pricing& pricing, const DateRange& period,
                                                    Date until, const NextStep& next);

}  // namespace tributary::incentive
