#pragma once

// For tests: what changes of lines did to the set of live lines.

#include <vector>

#include "absl/types/span.h"
#include "incentive-service/facts/fact_line.h"

namespace tributary::incentive {

// A line that moves to other dates leaves and enters.
struct LiveChanges {
  std::vector<FactLine> entered;
  std::vector<FactLine> left;
  std::vector<FactLine> changed;  // known lines that are not as they were
};

inline LiveChanges LiveOf(absl::Span<const LineChange> changes) {
  LiveChanges live;
  for (const auto& [before, after] : changes) {
    const bool moved =
        before.has_value() && (before->order_basis != after.order_basis || before->ship_basis != after.ship_basis);
    if (before.has_value()) live.changed.push_back(after);
    if (before.has_value() && before->live() && (moved || !after.live())) live.left.push_back(*before);
    if (after.live() && (!before.has_value() || moved || !before->live())) live.entered.push_back(after);
  }
  return live;
}

}  // namespace tributary::incentive
