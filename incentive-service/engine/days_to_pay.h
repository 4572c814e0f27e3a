#pragma once

// What paying early earns: each part of a payment that was allocated to an invoice earns the rate of the days that it
// took (SEMANTICS R10).
//
// days = allocation date - invoice date. Tiers are bands of days: from 0, 31 and 61 days on, and one with rate 0 where
// nothing is paid any more. A part that is taken back (a bounced payment) is negative and has the days of the part that
// it takes back, so it takes back what that one earned, whenever it happened. So parts are a set: their order changes
// nothing.

#include <map>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

// What was paid, by the days that it took.
using PaidByDays = std::map<int, Decimal>;

// Adds to it; with `sign` -1 takes away. What comes to 0 is forgotten.
void AddPaid(const PaidByDays& added, int sign, PaidByDays* paid);

// The rate of the band that the days lie in.
Decimal RateOfDays(const Terms& terms, int days);

// One part for each band in which anything was paid; they sum to the value before the cap, which is 0 where they sum to
// less. Errors as incentive::Evaluate.
absl::StatusOr<Valuation> EvaluateDaysToPay(const Terms& terms, const PaidByDays& paid);

}  // namespace tributary::incentive
