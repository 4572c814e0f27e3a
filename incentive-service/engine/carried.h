#pragma once

// What periods leave below 0, carried into the next one where that is declared (SEMANTICS R7). A function of what the
// periods before come to, in their order.

#include <map>
#include <string>
#include <vector>

#include "common/money/decimal.h"

namespace tributary::incentive {

// What the lines of a period come to by themselves.
struct PeriodSum {
  std::string period;  // its id
  Decimal amount;
  Decimal quantity;
  friend bool operator==(const PeriodSum&, const PeriodSum&) = default;
};

// Adds to the sums of the next period.
struct Carried {
  std::vector<PeriodSum> periods;  // of which something is carried, the oldest first
  Decimal amount;                  // 0 or less, as is the next
  Decimal quantity;
  friend bool operator==(const Carried&, const Carried&) = default;

  // The next period: what it lacks, with what was carried into it, is carried on.
  void Add(PeriodSum sum);
};

// Into one period, by partner.
using CarriedInto = std::map<std::string, Carried>;

}  // namespace tributary::incentive
