#include "incentive-service/engine/margin.h"

namespace tributary::incentive {

std::optional<Rational> VendorMargin(Decimal net, Decimal quantity, const std::optional<Decimal>& standard_cost) {
  if (!standard_cost.has_value()) return std::nullopt;
  return Rational(net) - Rational(*standard_cost) * Rational(quantity);
}

std::optional<Rational> PartnerMargin(Decimal resale, std::string_view currency,
                                      absl::Span<const ConsumedUnits> consumed) {
  if (consumed.empty()) return std::nullopt;
  Rational margin(resale);
  for (const ConsumedUnits& units : consumed) {
    if (!units.unit_price.has_value() || units.currency != currency) return std::nullopt;
    margin = margin - *units.unit_price * Rational(units.quantity);
  }
  return margin;
}

}  // namespace tributary::incentive
