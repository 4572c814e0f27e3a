#include "inventory-service/sell_through/sell_through_sale.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string NameOf(const SellThroughSale& sale) {
  return StrCat("partners/", sale.partner, "/sales/", SaleSegment(sale.document, sale.line, sale.generation));
}

std::string KeyOf(const SellThroughSale& sale) { return StrCat(sale.partner, "/", sale.document, "/", sale.line); }

std::optional<FieldViolation> FirstDifference(const SellThroughSale& known, const SellThroughSale& stated) {
  const auto price = [](const SellThroughSale& sale) {
    return sale.unit_price.has_value() ? StrCat(sale.unit_price->ToString(), " ", sale.currency) : std::string();
  };
  if (auto d = Differs("sale_date", known.sale_date.ToString(), stated.sale_date.ToString())) return d;
  if (auto d = Differs("site", known.site, stated.site)) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  if (auto d = Differs("quantity", known.quantity.ToString(), stated.quantity.ToString())) return d;
  if (auto d = Differs("unit_price", price(known), price(stated))) return d;
  if (auto d = Differs("region", known.region, stated.region)) return d;
  return Differs("end_customer", known.end_customer, stated.end_customer);
}

std::vector<Posting> Movements(const SellThroughSale& sale) {
  return {
      {.from = sale.site, .to = std::string(kCustomer), .quantity = sale.quantity, .effective_date = sale.sale_date}};
}

}  // namespace tributary::inventory
