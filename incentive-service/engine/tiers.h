#pragma once

// Scales: tiers of rates, as a rebate contract writes them. Pure and exact.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/status/status.h"

namespace tributary::incentive {

// How tiers become a value.
enum class Shape {
  kMarginal = 1,     // each tier's rate on the width of that tier that was filled
  kRetroactive = 2,  // the reached tier's rate on the whole amount
};

// To which tier an amount equal to a bound belongs. Contracts come in both.
enum class Bound {
  kFrom = 1,  // [from, next): to the higher one, 5,000.00 reaches the tier from 5,000
  kUpto = 2,  // (from, next]: to the lower one
};

struct Tier {
  Decimal from;  // in the program's currency
  Decimal rate;  // 0.035 is 3.5 %
  friend bool operator==(const Tier&, const Tier&) = default;
};

// Tiers in rising order, the first from 0; so there is neither a gap nor an overlap.
struct Scale {
  Shape shape = Shape::kMarginal;
  Bound bound = Bound::kFrom;
  std::vector<Tier> tiers;
  friend bool operator==(const Scale&, const Scale&) = default;
};

// What is wrong with the tiers, each with its path below `field` ("tiers[1].from_amount"); empty where they may be
// used: there is one at least, the first begins at 0, each begins above the one before, rates lie in [0, 1].
std::vector<FieldViolation> CheckTiers(absl::Span<const Tier> tiers, std::string_view field);

// The tier that an amount lies in, by index. Amounts below the first bound lie in the first tier.
size_t ReachedTier(const Scale& scale, Decimal amount);

// Where the tier ends, which is where the next begins; nullopt for the last.
std::optional<Decimal> EndOf(const Scale& scale, size_t tier);

// The least amount that lies in the tier: its beginning, or the smallest step (a millionth) above it under kUpto.
Decimal LeastIn(const Scale& scale, size_t tier);

}  // namespace tributary::incentive
