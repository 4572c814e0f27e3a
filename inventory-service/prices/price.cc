#include "inventory-service/prices/price.h"

#include "common/text/text.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

std::string_view NameOf(PricingBasis basis) {
  switch (basis) {
    case PricingBasis::kList:
      return "LIST";
    case PricingBasis::kNet:
      return "NET";
  }
  return "PRICING_BASIS_UNSPECIFIED";
}

absl::Status CheckForm(const PriceEntry& entry) {
  if (entry.effective.start < entry.effective.end) return absl::OkStatus();
  return InvalidField("effective_to", entry.effective.end.ToString(),
                      StrCat("a day after effective_from, ", entry.effective.start.ToString()));
}

std::optional<FieldViolation> FirstDifference(const PriceEntry& known, const PriceEntry& stated) {
  const auto text = [](bool value) { return value ? "true" : "false"; };
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("channel", known.channel, stated.channel)) return d;
  if (auto d = Differs("tier", known.tier, stated.tier)) return d;
  if (auto d = Differs("segment", known.segment, stated.segment)) return d;
  if (auto d = Differs("edition", known.edition, stated.edition)) return d;
  if (auto d = Differs("min_quantity", known.min_quantity.ToString(), stated.min_quantity.ToString())) return d;
  if (auto d = Differs("price.currency_code", known.price.currency, stated.price.currency)) return d;
  if (auto d = Differs("price", known.price.amount.ToString(), stated.price.amount.ToString())) return d;
  if (auto d = Differs("tax_inclusive", text(known.tax_inclusive), text(stated.tax_inclusive))) return d;
  if (auto d = Differs("pricing_basis", NameOf(known.basis), NameOf(stated.basis))) return d;
  if (auto d = Differs("effective_from", known.effective.start.ToString(), stated.effective.start.ToString())) return d;
  return Differs("effective_to", known.effective.end.ToString(), stated.effective.end.ToString());
}

}  // namespace tributary::inventory
