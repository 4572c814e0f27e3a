#pragma once

// A composite score: sales and other work of a partner, weighed together (SEMANTICS R9).
//
//   points of a component = clamp((x - low) / (high - low), 0, 1) x weight
//
// Weights are whole numbers that sum to 100. What is not known of a component may be anything: it adds 0 to the low end
// and its weight to the high end. Paid is by the low end, so that silence never earns. Where less is better, low lies
// above high.

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
  std::string id;
  Decimal low;   // earns nothing
  Decimal high;  // earns all
  int weight = 0;
};

// What is wrong with the components, with paths below `field`: weights are above 0 and sum to 100, ids differ, low is
// not high.
std::vector<FieldViolation> CheckComponents(absl::Span<const ScoreComponent> components, std::string_view field);

struct ScoreRange {
  Rational low;
  Rational high;
  bool exact() const { return low == high; }
};

struct CompositeScore {
  std::vector<ScoreRange> components;  // as the components are
  ScoreRange total;                    // what is paid is by total.low
};

// `measures`: of each component, unset where it is not known; as many. The components must have passed CheckComponents.
CompositeScore ScoreOf(absl::Span<const ScoreComponent> components, absl::Span<const std::optional<Decimal>> measures);

}  // namespace tributary::incentive
