#pragma once

// What late facts may take back of a closed period at most (SEMANTICS R7). Pure and exact.

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"

namespace tributary::incentive {

// At least one of them; where both are given the smaller limit holds.
struct ClawbackCap {
  std::optional<Decimal> amount;  // in the program's currency
  std::optional<Decimal> share;   // of the most that was ever stated of the period: 0.1 is a tenth of it
  friend bool operator==(const ClawbackCap&, const ClawbackCap&) = default;
};

// What has been said of a closed period, in minor units.
struct ClawedPeriod {
  int64_t most = 0;    // the most that was ever stated of it
  int64_t waived = 0;  // of what is stated now: what late facts took and was not taken back
  friend bool operator==(const ClawedPeriod&, const ClawedPeriod&) = default;
};

// What stays stated of a closed period whatever late facts make of it: `most` less the limit, rounded as the value is,
// and never below 0. Since rounding keeps the order of numbers, the larger of this and the rounded value is the larger
// of both, rounded once. INVALID_FIELD for an unknown currency.
absl::StatusOr<int64_t> StaysStated(const ClawbackCap& cap, int64_t most, std::string_view currency, Rounding rounding);

}  // namespace tributary::incentive
