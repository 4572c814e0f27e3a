#include "inventory-service/returns/return_proto.h"

#include <optional>
#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/sites/site_proto.h"
#include "inventory-service/units/line_quantity_proto.h"

namespace tributary::inventory {

v1::ReturnAuthorization ToProto(const ReturnAuthorization& authorization) {
  v1::ReturnAuthorization out;
  out.set_name(authorization.name());
  out.set_uid(authorization.uid.ToString());
  out.set_etag(EtagOf(authorization.version));
  *out.mutable_create_time() = wire::ToProto(authorization.create_time);
  *out.mutable_update_time() = wire::ToProto(authorization.update_time);
  out.set_state(static_cast<v1::ReturnAuthorization::State>(authorization.state));
  out.set_site(SiteName(authorization.partner, authorization.site));
  out.set_disposition(static_cast<v1::ReturnAuthorization::Disposition>(authorization.disposition));
  out.set_reason_code(authorization.reason_code);
  out.set_note(authorization.note);
  if (authorization.receive_date.has_value()) {
    *out.mutable_receive_date() = wire::ToProto(*authorization.receive_date);
  }
  for (const ReturnLine& line : authorization.lines) {
    v1::ReturnLine& next = *out.add_lines();
    next.set_original_line(
        StrCat(PartnerName(authorization.partner), "/shipments/", line.document, "/lines/", line.line));
    next.set_product(ProductName(line.product));
    next.set_lot(line.lot);
    for (const std::string& serial : line.serials) next.add_serials(serial);
    *next.mutable_quantity() = wire::ToProto(line.quantity);
    PutUnit(line.unit, line.unit_quantity, &next);
    PutParts(line.parts, &next);
  }
  return out;
}

absl::StatusOr<ReturnAuthorization> FromProto(const v1::ReturnAuthorization& authorization, std::string_view partner) {
  FieldReader fields;
  ReturnAuthorization out;
  out.partner = std::string(partner);
  if (!authorization.site().empty()) out.site = TakeSite(authorization.site(), partner, &fields);
  out.disposition = static_cast<Disposition>(authorization.disposition());
  out.reason_code = authorization.reason_code();
  out.note = authorization.note();
  constexpr std::string_view kPattern = "partners/{partner}/shipments/{document}/lines/{line}";
  for (int i = 0; i < authorization.lines_size(); ++i) {
    const v1::ReturnLine& told = authorization.lines(i);
    FieldReader of_line;
    ReturnLine line;
    const auto ids = ParseResourceName(told.original_line(), kPattern);
    const auto number = ids.ok() ? ParseLineSegment(ids->at(2)) : std::nullopt;
    if (!number.has_value() || number->generation != 0) {
      of_line.Refuse("original_line", told.original_line(), kPattern);
    } else if (ids->at(0) != partner) {
      of_line.Refuse("original_line", told.original_line(), StrCat("a line of ", PartnerName(partner)));
    } else {
      line.document = ids->at(1);
      line.line = number->line;
    }
    line.product = of_line.Id("product", told.product(), "products/{product}");
    line.lot = told.lot();
    LineQuantity quantity = TakeLineQuantity(told, of_line);
    line.quantity = quantity.quantity;
    line.unit = std::move(quantity.unit);
    line.unit_quantity = quantity.unit_quantity;
    line.serials = TakeSerials({told.serials().begin(), told.serials().end()},
                               line.unit.empty() ? std::optional<Decimal>(line.quantity) : std::nullopt, &of_line);
    fields.Note(StrCat("lines[", i, "]"), of_line.status());
    out.lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
