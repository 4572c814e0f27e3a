#pragma once

// Guarantees: what a period pays at least, whatever was earned, with or without carrying over.

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"

namespace tributary::incentive {

struct Guarantee {
  Decimal amount;           // of each period
  bool cumulative = false;  // what was earned above it counts for the next period
  bool recoupable = false;  // what is earned above it first pays back what was topped up before
};

struct GuaranteedPeriod {
  Decimal carried;         // from the period before
  Decimal top_up;          // max(0, amount - carried - earned)
  Decimal recouped;        // of top-ups before, taken from this period's surplus
  Decimal carry;           // into the next: max(0, carried + earned - amount), less what was recouped
  Decimal to_be_recouped;  // what stands after it, where it is recoupable
};

// Works periods out in order from what each earned, so a corrected period changes those after it.
std::vector<GuaranteedPeriod> TopUps(const Guarantee& guarantee, absl::Span<const Decimal> earned);

}  // namespace tributary::incentive
