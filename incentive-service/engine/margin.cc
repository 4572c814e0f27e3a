#include "incentive-service/engine/margin.h"

namespace tributary::incentive {

void MarginSums::Add(const MarginSums& other, int sign) {
  if (other == MarginSums()) return;  // most programs measure no margin
  net += sign > 0 ? other.net : -other.net;
  cost = sign > 0 ? cost + other.cost : cost - other.cost;
  uncosted += sign * other.uncosted;
}

MarginSums MarginOfLine(Decimal net, Decimal quantity, const std::optional<Rational>& unit_cost) {
  if (!unit_cost.has_value()) return {.uncosted = 1};
  return {.net = net, .cost = *unit_cost * Rational(quantity)};
}

std::optional<Rational> LayerUnitCost(std::string_view currency, absl::Span<const ConsumedUnits> consumed,
                                      std::optional<Decimal> kits) {
  Rational cost, quantity;
  for (const ConsumedUnits& units : consumed) {
    if (!units.unit_price.has_value() || units.currency != currency) return std::nullopt;
    cost = cost + *units.unit_price * Rational(units.quantity);
    quantity = quantity + Rational(units.quantity);
  }
  if (quantity.zero()) return std::nullopt;
  if (kits.has_value()) quantity = Rational(*kits);
  return Rational((cost / quantity).RoundScaled(9, Rounding::kHalfEven), Rational::Integer(1000000000));
}

}  // namespace tributary::incentive
