#include "inventory-service/price_layers/price_protection.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string NameOf(const PriceProtection& protection) {
  return StrCat("partners/", protection.partner, "/priceProtections/",
                SaleSegment(protection.document, protection.line, protection.generation));
}

std::string KeyOf(const PriceProtection& protection) {
  return StrCat(protection.partner, "/", protection.document, "/", protection.line);
}

std::optional<FieldViolation> FirstDifference(const PriceProtection& known, const PriceProtection& stated) {
  const auto reported = [](const PriceProtection& protection) {
    return protection.reported_units.has_value() ? protection.reported_units->ToString() : std::string();
  };
  if (auto d = Differs("effective_date", known.effective_date.ToString(), stated.effective_date.ToString())) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("new_price", StrCat(known.new_price.ToString(), " ", known.currency),
                       StrCat(stated.new_price.ToString(), " ", stated.currency))) {
    return d;
  }
  if (auto d = Differs("in_transit_days", StrCat(known.in_transit_days), StrCat(stated.in_transit_days))) return d;
  if (auto d = Differs("lookback_days", StrCat(known.lookback_days), StrCat(stated.lookback_days))) return d;
  return Differs("reported_units", reported(known), reported(stated));
}

LayerProtection ProtectionOf(const PriceProtection& protection) {
  return {.name = NameOf(protection),
          .effective_date = protection.effective_date,
          .new_price = Rational(protection.new_price),
          .currency = protection.currency,
          .in_transit_days = protection.in_transit_days,
          .lookback_days = protection.lookback_days,
          .reported_units = protection.reported_units};
}

}  // namespace tributary::inventory
