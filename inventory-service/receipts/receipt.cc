#include "inventory-service/receipts/receipt.h"

#include "common/text/text.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

std::string ReceiptName(std::string_view partner, std::string_view document) {
  return StrCat("partners/", partner, "/receipts/", document);
}

std::string NameOf(const ReceiptLine& line) {
  return StrCat(ReceiptName(line.partner, line.document), "/lines/", LineSegment(line.line, line.generation));
}

std::string KeyOf(const ReceiptLine& line) { return StrCat(line.partner, "/", line.document, "/", line.line); }

std::string ShipmentLineOf(const ReceiptLine& line) {
  return StrCat("partners/", line.partner, "/shipments/", line.shipment_document, "/lines/", line.shipment_line);
}

std::optional<FieldViolation> FirstDifference(const ReceiptLine& known, const ReceiptLine& stated) {
  if (auto d = Differs("shipment_line", ShipmentLineOf(known), ShipmentLineOf(stated))) return d;
  if (auto d = Differs("receive_date", known.receive_date.ToString(), stated.receive_date.ToString())) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = Differs("lot", known.lot, stated.lot)) return d;
  if (auto d = Differs("serials", SerialsText(known.serials), SerialsText(stated.serials))) return d;
  if (auto d = QuantityDiffers(known, stated)) return d;
  if (auto d = Differs("site", SiteName(known.partner, known.site), SiteName(stated.partner, stated.site))) return d;
  if (known.lost == stated.lost) return std::nullopt;
  return Differs("lost", known.lost ? "true" : "false", stated.lost ? "true" : "false");
}

std::vector<Posting> Movements(const ReceiptLine& line) {
  return {{.from = PlaceOf(line.site, Bucket::kInTransit),
           .to = line.lost ? std::string(kAdjustment) : line.site,
           .quantity = line.quantity,
           .effective_date = line.receive_date}};
}

}  // namespace tributary::inventory
