#pragma once

// Growth over a reference period (SEMANTICS R9).
//
// A tier of growth t is met when current >= baseline x (1 + t); nothing is divided. What it pays is its rate on the
// whole of the current amount or on what it grew by. Predecessors of a merged partner count on both sides: the amounts
// come in rolled up (group_share.h).

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

struct GrowthTier {
  Decimal growth;  // 0.25 is a quarter more; below zero: still met by so much less
  Decimal rate;
};

enum class GrowthPays { kTotal = 1, kIncrement = 2 };

// What counts where the baseline is 0 or less, or the partner was not active on all of the reference period's days.
enum class GrowthFallback {
  kNotEligible = 1,    // nothing is paid
  kFixedBaseline = 2,  // `fixed_baseline`
  kProrateByActiveDays =
      3,  // the baseline of its active days, drawn out to all days; one of 0 or less stays not eligible
};

struct GrowthTerms {
  std::vector<GrowthTier> tiers;
  GrowthPays pays = GrowthPays::kTotal;
  GrowthFallback fallback = GrowthFallback::kNotEligible;
  Decimal fixed_baseline;
};

// What is wrong with the terms, with paths below `field`: there is a tier at least, their growth rises and begins above
// -1, rates lie in [0, 1], a fixed baseline is above 0.
std::vector<FieldViolation> CheckGrowth(const GrowthTerms& terms, std::string_view field);

struct GrowthFacts {
  Decimal baseline;  // of the reference period, frozen
  Decimal current;
  int64_t reference_days = 0;  // of the reference period
  int64_t active_days = 0;     // of them, those on which the partner was active
};

enum class GrowthOutcome {
  kMet = 1,
  kBelowFirstTier = 2,
  kBaselineNotPositive = 3,  // and the fallback does not help
  kNotActiveThroughout = 4,  // likewise
};
std::string_view NameOf(GrowthOutcome outcome);

struct Growth {
  GrowthOutcome outcome = GrowthOutcome::kMet;
  Rational baseline;           // the one that counted
  std::optional<size_t> tier;  // reached
  Rational base;               // what the rate is paid on
  Rational value;
};

Growth GrowthOf(const GrowthTerms& terms, const GrowthFacts& facts);

}  // namespace tributary::incentive
