#pragma once

// Growth over a baseline: which tier a partner's growth reaches, and what it pays. Exact, without a division.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

// What stands in for a baseline of 0 or less, or of a partner that was not active all through its period.
enum class NoBaseline {
  kNotEligible = 1,          // nothing is paid
  kFixed = 2,                // the program's fixed baseline
  kProrateByActiveDays = 3,  // what there is, brought to the whole period; without any of it nothing is paid
};

// What is known of a partner's reference period. Predecessors of a merged partner are summed by the caller.
struct Reference {
  Decimal sum;
  int32_t active_days = 0;
  int32_t days = 0;  // of the period
};

// The baseline; nullopt where the partner is not eligible. `fixed` is read by kFixed alone.
std::optional<Rational> BaselineOf(const Reference& reference, NoBaseline policy, std::optional<Decimal> fixed);

struct GrowthTier {
  Decimal growth;  // 0.1 is 10 %; below 0: a decline that is still paid
  Decimal rate;
};
enum class PaidOn {
  kTotal = 1,      // the whole of the current sum
  kIncrement = 2,  // what it is above the baseline
};

// Tiers rise by growth from -1 or more, rates lie in [0, 1]; each with its path below `field`.
std::vector<FieldViolation> CheckGrowthTiers(absl::Span<const GrowthTier> tiers, std::string_view field);

// Growth t is met where current >= baseline x (1 + t).
bool MeetsGrowth(const Rational& current, const Rational& baseline, Decimal growth);

struct GrowthValue {
  std::optional<size_t> tier;  // nullopt: none is met
  Rational paid_on;
  Rational value;    // paid_on x rate
  Rational missing;  // to the next tier; 0 in the last
};
// The value at the highest tier met. What it would be paid on is never below 0. The tiers must have passed
// CheckGrowthTiers, the baseline is above 0.
GrowthValue ValueOfGrowth(absl::Span<const GrowthTier> tiers, PaidOn paid_on, const Rational& current,
                          const Rational& baseline);

}  // namespace tributary::incentive
