#include "inventory-service/sell_through/sell_through_sale.h"

#include "common/ids/resource_name.h"
#include "common/text/text.h"
#include "inventory-service/facts/serials.h"

namespace tributary::inventory {

std::string NameOf(const SellThroughSale& sale) {
  return StrCat("partners/", sale.partner, "/sales/", SaleSegment(sale.document, sale.line, sale.generation));
}

std::string KeyOf(const SellThroughSale& sale) { return StrCat(sale.partner, "/", sale.document, "/", sale.line); }

std::string_view NameOf(SellThroughSale::Activity activity) {
  switch (activity) {
    case SellThroughSale::Activity::kSale:
      return "SALE";
    case SellThroughSale::Activity::kReturn:
      return "RETURN";
    case SellThroughSale::Activity::kAdjustment:
      return "ADJUSTMENT";
  }
  return "";
}

std::string_view NameOf(SellThroughSale::SaleType type) {
  switch (type) {
    case SellThroughSale::SaleType::kUntold:
      return "";
    case SellThroughSale::SaleType::kNew:
      return "NEW";
    case SellThroughSale::SaleType::kRenewal:
      return "RENEWAL";
    case SellThroughSale::SaleType::kExpansion:
      return "EXPANSION";
  }
  return "";
}

std::vector<FieldViolation> Check(const SellThroughSale& sale) {
  using Activity = SellThroughSale::Activity;
  std::vector<FieldViolation> violations;
  const std::string field(sale.quantity_field());
  const Decimal quantity = sale.stated_quantity();
  if (sale.activity == Activity::kSale && quantity.negative()) {
    violations.push_back({field, quantity.ToString(), "0 or more for a SALE; RETURN is what came back"});
  }
  if (sale.activity == Activity::kReturn && Decimal() < quantity) {
    violations.push_back({field, quantity.ToString(), "0 or less for a RETURN"});
  }
  if (sale.original_sale.empty()) return violations;
  const auto ids = ParseResourceName(sale.original_sale, "partners/{partner}/sales/{sale}");
  if (!ids.ok() || !ParseSaleSegment(ids->at(1)).has_value()) {
    violations.push_back({"original_sale", Printable(sale.original_sale), "partners/{partner}/sales/{sale}"});
  } else if (ids->at(0) != sale.partner) {
    violations.push_back({"original_sale", sale.original_sale, StrCat("a sale of ", PartnerName(sale.partner))});
  }
  if (sale.activity != Activity::kReturn) {
    violations.push_back({"original_sale", Printable(sale.original_sale), "none, but for a RETURN"});
  }
  return violations;
}

std::optional<FieldViolation> FirstDifference(const SellThroughSale& known, const SellThroughSale& stated) {
  const auto money = [](const SellThroughSale& sale, const std::optional<Decimal>& amount) {
    return amount.has_value() ? StrCat(amount->ToString(), " ", sale.currency) : std::string();
  };
  if (auto d = Differs("sale_date", known.sale_date.ToString(), stated.sale_date.ToString())) return d;
  if (auto d = Differs("site", known.site, stated.site)) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  if (auto d = Differs("serials", SerialsText(known.serials), SerialsText(stated.serials))) return d;
  if (auto d = Differs("activity", NameOf(known.activity), NameOf(stated.activity))) return d;
  if (auto d = QuantityDiffers(known, stated)) return d;
  if (auto d = Differs("unit_price", money(known, known.unit_price), money(stated, stated.unit_price))) return d;
  if (auto d = Differs("net_amount", money(known, known.net_amount), money(stated, stated.net_amount))) return d;
  if (auto d = Differs("region", known.region, stated.region)) return d;
  if (auto d = Differs("end_customer", known.end_customer, stated.end_customer)) return d;
  if (auto d = Differs("original_sale", known.original_sale, stated.original_sale)) return d;
  return Differs("sale_type", NameOf(known.sale_type), NameOf(stated.sale_type));
}

std::vector<Posting> Movements(const SellThroughSale& sale) {
  const bool adjusted = sale.activity == SellThroughSale::Activity::kAdjustment;
  return {{.from = adjusted ? std::string(kAdjustment) : sale.site,
           .to = adjusted ? sale.site : std::string(kCustomer),
           .quantity = sale.quantity,
           .effective_date = sale.sale_date}};
}

}  // namespace tributary::inventory
