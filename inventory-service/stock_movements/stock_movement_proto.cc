#include "inventory-service/stock_movements/stock_movement_proto.h"

#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/quantity_proto.h"

namespace tributary::inventory {

v1::StockMovement ToProto(const StockMovement& movement) {
  v1::StockMovement out;
  out.set_name(NameOf(movement));
  out.set_document(movement.document);
  out.set_line(movement.line);
  *out.mutable_effective_date() = wire::ToProto(movement.effective_date);
  out.set_product(ProductName(movement.product));
  out.set_lot(movement.lot);
  for (const std::string& serial : movement.serials) out.add_serials(serial);
  PutQuantity(movement, &out);
  out.set_from_location(FromLocation(movement));
  out.set_to_location(ToLocation(movement));
  out.set_reason(static_cast<v1::StockMovement::Reason>(movement.reason));
  out.set_reason_code(movement.reason_code);
  out.set_note(movement.note);
  if (!movement.product_line.empty()) out.set_product_line(StrCat("productLines/", movement.product_line));
  if (IsReversal(movement.generation)) {
    StockMovement reversed = movement;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  if (movement.import_id.has_value()) out.set_import(StrCat("imports/", movement.import_id->ToString()));
  if (movement.seq != 0) *out.mutable_record_time() = wire::ToProto(movement.recorded_at);
  PutParts(movement.parts, &out);
  return out;
}

absl::StatusOr<StockMovement> FromProto(const v1::StockMovement& movement) {
  FieldReader fields;
  StockMovement out;
  out.document = movement.document();
  if (!IsDocumentSegment(out.document, kLongestSaleDocument)) {
    fields.Refuse("document", out.document, StrCat("1 to ", kLongestSaleDocument, " of A-Za-z0-9._~-"));
  }
  out.line = movement.line();
  out.effective_date = fields.Take("effective_date", wire::FromProto(movement.effective_date()));
  out.product = fields.Id("product", movement.product(), "products/{product}");
  out.lot = movement.lot();
  TakeQuantity(movement, fields, &out);
  out.reason = static_cast<MovementReason>(movement.reason());
  out.reason_code = movement.reason_code();
  out.note = movement.note();
  const absl::Status located = SetLocations(movement.from_location(), movement.to_location(), &out);
  for (const FieldViolation& violation : located.ok() ? MovementViolations(out) : DetailOf(located).violations) {
    fields.Refuse(violation.field, violation.got, violation.want);
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
