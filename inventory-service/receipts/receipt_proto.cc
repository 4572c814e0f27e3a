#include "inventory-service/receipts/receipt_proto.h"

#include "common/ids/resource_name.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/quantity_proto.h"
#include "inventory-service/sites/site_proto.h"

namespace tributary::inventory {

v1::ReceiptLine ToProto(const ReceiptLine& line) {
  v1::ReceiptLine out;
  out.set_name(NameOf(line));
  out.set_document(line.document);
  out.set_line(line.line);
  out.set_shipment_line(ShipmentLineOf(line));
  *out.mutable_receive_date() = wire::ToProto(line.receive_date);
  out.set_product(ProductName(line.product));
  out.set_lot(line.lot);
  for (const std::string& serial : line.serials) out.add_serials(serial);
  PutParts(line.parts, &out);
  PutQuantity(line, &out);
  out.set_lost(line.lost);
  out.set_site(SiteName(line.partner, line.site));
  if (!line.product_line.empty()) out.set_product_line(StrCat("productLines/", line.product_line));
  if (IsReversal(line.generation)) {
    ReceiptLine reversed = line;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  if (line.import_id.has_value()) out.set_import(StrCat("imports/", line.import_id->ToString()));
  if (line.seq != 0) *out.mutable_record_time() = wire::ToProto(line.recorded_at);
  return out;
}

v1::Receipt ToProto(const Receipt& receipt) {
  v1::Receipt out;
  out.set_name(ReceiptName(receipt.partner, receipt.document));
  *out.mutable_create_time() = wire::ToProto(receipt.create_time);
  *out.mutable_update_time() = wire::ToProto(receipt.update_time);
  for (const ReceiptLine& line : receipt.lines) *out.add_lines() = ToProto(line);
  return out;
}

v1::Transit ToProto(const Transit& transit) {
  v1::Transit out;
  out.set_shipment_line(StrCat("partners/", transit.partner, "/shipments/", transit.document, "/lines/", transit.line));
  out.set_product(ProductName(transit.product));
  if (transit.ship_date.has_value()) *out.mutable_ship_date() = wire::ToProto(*transit.ship_date);
  *out.mutable_shipped() = wire::ToProto(transit.shipped);
  *out.mutable_received() = wire::ToProto(transit.received);
  *out.mutable_lost() = wire::ToProto(transit.lost);
  const Decimal open = transit.open();
  *out.mutable_short_quantity() = wire::ToProto(open.negative() ? Decimal() : open);
  *out.mutable_over_quantity() = wire::ToProto(open.negative() ? -open : Decimal());
  return out;
}

absl::StatusOr<ReceiptLine> FromProto(const v1::ReceiptLine& line, std::string_view partner) {
  FieldReader fields;
  ReceiptLine out;
  out.partner = std::string(partner);
  out.document = line.document();
  if (!IsDocumentSegment(out.document)) fields.Refuse("document", out.document, "1 to 64 of A-Za-z0-9._~-");
  out.line = line.line();
  constexpr std::string_view kPattern = "partners/{partner}/shipments/{document}/lines/{line}";
  const auto ids = ParseResourceName(line.shipment_line(), kPattern);
  const auto number = ids.ok() ? ParseLineSegment(ids->at(2)) : std::nullopt;
  if (!number.has_value() || number->generation != 0) {
    fields.Refuse("shipment_line", line.shipment_line(), kPattern);
  } else if (ids->at(0) != partner) {
    fields.Refuse("shipment_line", line.shipment_line(), StrCat("a line of ", PartnerName(partner)));
  } else {
    out.shipment_document = ids->at(1);
    out.shipment_line = number->line;
  }
  out.receive_date = fields.Take("receive_date", wire::FromProto(line.receive_date()));
  out.product = fields.Id("product", line.product(), "products/{product}");
  out.lot = line.lot();
  TakeQuantity(line, fields, &out);
  out.lost = line.lost();
  if (!line.site().empty()) out.site = TakeSite(line.site(), partner, &fields);
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
