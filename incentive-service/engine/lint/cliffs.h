#pragma once

// Rules tier-cliff, tier-drop: bounds at which the value jumps. Partners buy to reach a cliff and return the goods
// afterwards; a drop pays less for more.

#include <optional>
#include <vector>

#include "common/money/decimal.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/lint/finding.h"

namespace tributary::incentive {

// tier-cliff (warning): on reaching a tier the value rises by more than `percent` of what it was (from nothing: by more
// than Q does), beyond the rise that Q itself brings. tier-drop (error): it falls. The counter-example is Q just below
// the bound and at it, with both values. Scales that read both money and units are tried at `unit_price`; without one
// they are left out. A penalty is judged by what it charges; a target that charges by its value. Penalties are there to
// charge less, or no more, once a tier is reached: where the charge falls that is a tier-cliff, however far it does.
std::vector<Finding> LintCliffs(const Terms& terms, Decimal percent, std::optional<Decimal> unit_price = std::nullopt);

}  // namespace tributary::incentive
