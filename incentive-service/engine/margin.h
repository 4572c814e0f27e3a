#pragma once

// Margin as what a program counts (SEMANTICS R9): the vendor's, of a line that it sold, or the partner's, of a line
// that the partner sold on. Which of them, the program states.

#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/price_layers/price_layer.h"

namespace tributary::incentive {

// Net less the standard cost of its units; `standard_cost` of one, as of the basis date. A return has a net and a
// quantity below zero, and so takes back what its sale gave. Unset where no cost is known: such a line is listed, never
// taken to be all margin.
std::optional<Rational> VendorMargin(Decimal net, Decimal quantity, const std::optional<Decimal>& standard_cost);

// Resale less what the units cost in their layers (ConsumedBy). Unset where a unit has no known cost, or one in another
// currency than the resale's.
std::optional<Rational> PartnerMargin(Decimal resale, std::string_view currency,
                                      absl::Span<const ConsumedUnits> consumed);

}  // namespace tributary::incentive
