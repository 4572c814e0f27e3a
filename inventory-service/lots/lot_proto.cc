#include "inventory-service/lots/lot_proto.h"

#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/ledger/ledger_proto.h"

namespace tributary::inventory {

v1::Lot ToProto(const Lot& lot) {
  v1::Lot out;
  out.set_name(lot.name());
  out.set_uid(lot.uid.ToString());
  out.set_etag(EtagOf(lot.version));
  *out.mutable_create_time() = wire::ToProto(lot.create_time);
  *out.mutable_update_time() = wire::ToProto(lot.update_time);
  if (lot.expires_on.has_value()) *out.mutable_expires_on() = wire::ToProto(*lot.expires_on);
  return out;
}

v1::ExpiringStock ToProto(const ExpiringStock& stock) {
  v1::ExpiringStock out;
  *out.mutable_position() = ToProto(stock.position);
  *out.mutable_expires_on() = wire::ToProto(stock.expires_on);
  return out;
}

absl::StatusOr<Lot> FromProto(const v1::Lot& lot) {
  FieldReader fields;
  Lot out;
  if (lot.has_expires_on()) out.expires_on = fields.Take("expires_on", wire::FromProto(lot.expires_on()));
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
