#pragma once

// Rule tier-gap, tier-overlap, tier-empty: contracts that state both bounds of each tier. A gap earns nothing and an
// overlap two rates; "0 to 1,000, 1,001 to 5,000" leaves 1,000.50 without a tier.

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "incentive-service/engine/lint/finding.h"
#include "incentive-service/engine/tiers.h"

namespace tributary::incentive {

// A tier as it is stated, in any order.
struct StatedTier {
  Decimal from;
  std::optional<Decimal> to;  // nullopt: without an end
};

// Errors, but a warning where the last tier has an end. The counter-example is an amount and the tiers, by their place
// in `tiers`, that it lies in.
std::vector<Finding> LintStatedTiers(absl::Span<const StatedTier> tiers, Bound bound);

}  // namespace tributary::incentive
