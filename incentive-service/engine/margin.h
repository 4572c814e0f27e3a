#pragma once

// Margin as what a program measures (SEMANTICS R9): of the vendor on a line that it sold, net less standard cost; of
// the partner on a line that it sold on, resale less what the units cost in its price layers. Which of them, the
// program states.

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/price_layers/price_layer.h"

namespace tributary::incentive {

// What lines come to.
struct MarginSums {
  Decimal net;           // of lines whose cost is known
  Rational cost;         // of their units
  int64_t uncosted = 0;  // lines whose cost is not: they are listed, never taken to be all margin
  friend bool operator==(const MarginSums&, const MarginSums&) = default;

  Rational margin() const { return Rational(net) - cost; }
  void Add(const MarginSums& other, int sign = 1);
};

// Of one line; `unit_cost` of one base unit. A return has a net and a quantity below zero, and so takes back what its
// sale gave.
MarginSums MarginOfLine(Decimal net, Decimal quantity, const std::optional<Rational>& unit_cost);

// What one of these units cost on average, half-even to a billionth, so that sums of many lines stay within bounds;
// where they are the parts of so many `kits`, what a kit did. Unset where one of them has no known cost, or one in
// another currency.
std::optional<Rational> LayerUnitCost(std::string_view currency, absl::Span<const ConsumedUnits> consumed,
                                      std::optional<Decimal> kits = std::nullopt);

}  // namespace tributary::incentive
