#pragma once

// How far a target is reached: a pure function of the target and what was bought or sold.

#include <optional>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"
#include "partner-service/sales_facts/sales_fact_store.h"
#include "partner-service/sales_targets/sales_target.h"

namespace tributary::partner {

// The numbers are those of the wire.
enum class TargetOutcome { kAhead = 1, kOpen = 2, kMet = 3, kMissed = 4 };

struct Attainment {
  Decimal reached;                 // amount or quantity
  Decimal remaining;               // the figure less that, at least 0
  std::optional<Decimal> percent;  // rounded down to 2 decimals; none of a figure of 0
  TargetOutcome outcome = TargetOutcome::kOpen;
  int64_t facts = 0;                 // that count
  std::vector<SalesTotal> unpriced;  // of a target of money: other currencies, and facts without an amount
};

// Which facts count for the target.
SalesQuery QueryOf(const SalesTarget& target);

// `totals` are those of QueryOf(target). MET whenever the figure is reached; else by `today`: before the period AHEAD,
// in it OPEN, after it MISSED.
Attainment Evaluate(const SalesTarget& target, const std::vector<SalesTotal>& totals, Date today);

}  // namespace tributary::partner
