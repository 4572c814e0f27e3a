#include "inventory-service/reservations/reservation_proto.h"

#include <optional>
#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/sites/site_proto.h"
#include "inventory-service/units/line_quantity_proto.h"

namespace tributary::inventory {

v1::Reservation ToProto(const Reservation& reservation, absl::Time now) {
  v1::Reservation out;
  out.set_name(reservation.name());
  out.set_uid(reservation.uid.ToString());
  out.set_etag(EtagOf(reservation.version));
  *out.mutable_create_time() = wire::ToProto(reservation.create_time);
  *out.mutable_update_time() = wire::ToProto(reservation.update_time);
  out.set_state(static_cast<v1::Reservation::State>(StateAt(reservation, now)));
  for (const ReservationLine& line : reservation.lines) {
    v1::ReservationLine& next = *out.add_lines();
    next.set_line(out.lines_size());
    next.set_product(ProductName(line.product));
    next.set_site(SiteName(reservation.partner, line.site));
    next.set_lot(line.lot);
    for (const std::string& serial : line.serials) next.add_serials(serial);
    *next.mutable_quantity() = wire::ToProto(line.quantity);
    PutUnit(line.unit, line.unit_quantity, &next);
    if (!line.kit.empty()) {
      next.set_kit(ProductName(line.kit));
      *next.mutable_kit_quantity() = wire::ToProto(line.kit_quantity);
    }
    *next.mutable_posted() = wire::ToProto(line.posted);
  }
  if (reservation.expire_time.has_value()) *out.mutable_expire_time() = wire::ToProto(*reservation.expire_time);
  out.set_document(reservation.document);
  if (!reservation.order.empty())
    out.set_order(StrCat(PartnerName(reservation.partner), "/orders/", reservation.order));
  out.set_note(reservation.note);
  if (!reservation.to.empty()) out.set_to_location(LocationName(reservation.partner, reservation.to));
  return out;
}

void AddMissing(const Reservation& reservation, const std::map<PositionKey, Decimal>& missing, v1::Reservation* out) {
  if (out->state() != v1::Reservation::HELD) return;
  for (size_t i = 0; i < reservation.lines.size(); ++i) {
    const auto found = missing.find(reservation.PositionOf(reservation.lines[i]));
    if (found == missing.end()) continue;
    *out->mutable_lines(static_cast<int>(i))->mutable_missing() = wire::ToProto(found->second);
    out->set_short_of_stock(true);
  }
}

absl::StatusOr<Reservation> FromProto(const v1::Reservation& reservation, std::string_view partner) {
  FieldReader fields;
  Reservation out;
  out.partner = std::string(partner);
  if (reservation.has_expire_time()) out.expire_time = wire::FromProto(reservation.expire_time());
  out.document = reservation.document();
  out.order = fields.OwnId("order", reservation.order(), partner, "orders");
  out.note = reservation.note();
  for (int i = 0; i < reservation.lines_size(); ++i) {
    const v1::ReservationLine& told = reservation.lines(i);
    FieldReader of_line;
    ReservationLine line;
    line.product = of_line.Id("product", told.product(), "products/{product}");
    if (!told.site().empty()) line.site = TakeSite(told.site(), partner, &of_line);
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

absl::StatusOr<std::vector<PostPart>> PartsFromProto(const v1::PostReservationRequest& request) {
  FieldReader fields;
  std::vector<PostPart> parts;
  for (int i = 0; i < request.lines_size(); ++i) {
    const v1::PostPart& told = request.lines(i);
    FieldReader of_part;
    PostPart part{.line = told.line()};
    part.quantity = of_part.Take("quantity", wire::FromProto(told.quantity()));
    part.serials = TakeSerials({told.serials().begin(), told.serials().end()}, part.quantity, &of_part);
    fields.Note(StrCat("lines[", i, "]"), of_part.status());
    parts.push_back(std::move(part));
  }
  RETURN_IF_ERROR(fields.status());
  return parts;
}

absl::StatusOr<std::string> PlaceFromProto(const v1::PostReservationRequest& request, std::string_view partner) {
  if (request.to_location().empty()) return std::string(kCustomer);
  const std::optional<std::string> place = PlaceFromName(partner, request.to_location());
  const bool fits = place.has_value() && (*place == kCustomer || *place == kScrap || IsResourceId(*place));
  if (fits) return *place;
  return InvalidField("to_location", request.to_location(),
                      StrCat("customer, scrap, or partners/", partner, "/sites/{site}/on_hand"));
}

}  // namespace tributary::inventory
