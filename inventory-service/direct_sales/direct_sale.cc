#include "inventory-service/direct_sales/direct_sale.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string NameOf(const DirectSale& sale) {
  return StrCat("directSales/", SaleSegment(sale.document, sale.line, sale.generation));
}

std::string KeyOf(const DirectSale& sale) { return StrCat(sale.document, "/", sale.line); }

std::optional<FieldViolation> FirstDifference(const DirectSale& known, const DirectSale& stated) {
  if (auto d = Differs("order_date", known.order_date.ToString(), stated.order_date.ToString())) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  if (auto d = QuantityDiffers(known, stated)) return d;
  if (auto d = Differs("net_amount.currency_code", known.currency, stated.currency)) return d;
  if (auto d = Differs("unit_price", known.unit_price.ToString(), stated.unit_price.ToString())) return d;
  if (auto d = Differs("net_amount", known.net_amount.ToString(), stated.net_amount.ToString())) return d;
  if (auto d = Differs("region", known.region, stated.region)) return d;
  return Differs("customer_code", known.customer_code, stated.customer_code);
}

std::vector<Posting> Movements(const DirectSale& sale) {
  return {{.from = std::string(kVendor),
           .to = std::string(kCustomer),
           .quantity = sale.quantity,
           .effective_date = sale.order_date}};
}

void NegateAmounts(DirectSale* sale) { sale->net_amount = -sale->net_amount; }

}  // namespace tributary::inventory
