#pragma once

// Composite scores: market development, brand care and service beside sales, each as far as it is known. What is not
// known is an interval, and pay goes by its low end.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

struct ScoreComponent {
  std::string name;
  Decimal lowest;      // gives nothing, and so does less
  Decimal highest;     // gives the whole weight, and so does more; may lie below `lowest` where less is better
  int32_t weight = 0;  // of 100
  std::optional<Decimal> value;  // nullopt: not known
};

// Weights of 1 or more that sum to 100, bounds that differ, names of their own; each with its path below `field`.
std::vector<FieldViolation> CheckComponents(absl::Span<const ScoreComponent> components, std::string_view field);

struct Score {
  struct Part {
    std::string name;
    Rational low, high;  // weight x clamp((value - lowest) / (highest - lowest)); [0, weight] where it is not known
  };
  std::vector<Part> parts;
  Rational low, high;  // of 100; pay goes by `low`
};
// The components must have passed CheckComponents.
Score ScoreOf(absl::Span<const ScoreComponent> components);

}  // namespace tributary::incentive
