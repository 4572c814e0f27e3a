#include "inventory-service/shipments/shipment.h"

#include "common/text/text.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

std::string ShipmentName(std::string_view partner, std::string_view document) {
  return StrCat("partners/", partner, "/shipments/", document);
}

std::string NameOf(const ShipmentLine& line) {
  return StrCat(ShipmentName(line.partner, line.document), "/lines/", LineSegment(line.line, line.generation));
}

std::string KeyOf(const ShipmentLine& line) { return StrCat(line.document, "/", line.line); }

std::optional<FieldViolation> FirstDifference(const ShipmentLine& known, const ShipmentLine& stated) {
  const auto text = [](Decimal amount) { return amount.ToString(); };
  if (auto d = Differs("partner", PartnerName(known.partner), PartnerName(stated.partner))) return d;
  if (auto d = Differs("order_date", known.order_date.ToString(), stated.order_date.ToString())) return d;
  if (auto d = Differs("ship_date", known.ship_date.ToString(), stated.ship_date.ToString())) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  if (auto d = Differs("serials", SerialsText(known.serials), SerialsText(stated.serials))) return d;
  if (auto d = Differs("site", SiteName(known.partner, known.site), SiteName(stated.partner, stated.site))) return d;
  if (known.awaits_receipt != stated.awaits_receipt) {
    return Differs("awaits_receipt", known.awaits_receipt ? "true" : "false", stated.awaits_receipt ? "true" : "false");
  }
  if (auto d = QuantityDiffers(known, stated)) return d;
  if (auto d = Differs("net_amount.currency_code", known.currency, stated.currency)) return d;
  if (auto d = Differs("unit_price", text(known.unit_price), text(stated.unit_price))) return d;
  if (auto d = Differs("discount", text(known.discount), text(stated.discount))) return d;
  if (auto d = Differs("wallet_amount", text(known.wallet_amount), text(stated.wallet_amount))) return d;
  if (auto d = Differs("net_amount", text(known.net_amount), text(stated.net_amount))) return d;
  if (auto d = Differs("order", known.order, stated.order)) return d;
  if (auto d = Differs("order_line", StrCat(known.order_line), StrCat(stated.order_line))) return d;
  return Differs("original_line", known.original_line, stated.original_line);
}

std::vector<Posting> Movements(const ShipmentLine& line) {
  return {{.from = std::string(kVendor),
           .to = PlaceOf(line.site, line.awaits_receipt ? Bucket::kInTransit : Bucket::kOnHand),
           .quantity = line.quantity,
           .effective_date = line.ship_date}};
}

void NegateAmounts(ShipmentLine* line) {
  line->discount = -line->discount;
  line->wallet_amount = -line->wallet_amount;
  line->net_amount = -line->net_amount;
}

}  // namespace tributary::inventory
