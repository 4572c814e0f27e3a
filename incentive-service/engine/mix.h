#pragma once

// Mix: the share of a set of products in all that was bought (SEMANTICS R9).
//
// A share is met when sum(set) >= share x sum(all); nothing is divided. Where the sum of all is 0 or less no share is
// met.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

struct MixTier {
  Decimal share;  // 0.3 is 30 %
  Decimal rate;
};

enum class MixPays { kSet = 1, kAll = 2 };

struct MixTerms {
  std::vector<MixTier> tiers;
  MixPays pays = MixPays::kSet;
};

// What is wrong with the terms, with paths below `field`: there is a tier at least, their shares rise within [0, 1],
// rates lie in [0, 1].
std::vector<FieldViolation> CheckMix(const MixTerms& terms, std::string_view field);

struct Mix {
  std::optional<size_t> tier;  // reached
  Rational value;              // its rate on the set or on all
};

Mix MixOf(const MixTerms& terms, Decimal set, Decimal all);

}  // namespace tributary::incentive
