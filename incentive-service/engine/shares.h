#pragma once

// What each line has of a value: pro rata to its amount, by largest remainder, so that the shares sum to the value
// exactly.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The place of a line among the lines of its statement. It is made of what the documents say alone, so that the order
// in which lines arrived leaves no trace.
struct LineKey {
  Date basis_date;
  std::string document;
  int64_t line = 0;
  std::string fact;  // the fact's own name: settles what the rest leaves open (a document stated by two systems)
  friend auto operator<=>(const LineKey&, const LineKey&) = default;
};

// Shares of `total` (minor units) for lines of these amounts, already in the order of their keys: equal remainders go
// to the earlier line. The order of filling tiers plays no part. Where the amounts sum to 0 or less every share is 0:
// so is the total, but for what a missed target charges.
std::vector<int64_t> ShareOut(int64_t total, const std::vector<Decimal>& amounts);

// The same for exact weights, in proportion to them. Weights that sum to 0 or less carry nothing: every share is 0.
std::vector<int64_t> ShareOut(int64_t total, const std::vector<Rational>& weights);

}  // namespace tributary::incentive
