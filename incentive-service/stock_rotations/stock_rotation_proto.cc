#include "incentive-service/stock_rotations/stock_rotation_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"

namespace tributary::incentive {

absl::StatusOr<std::pair<std::string, std::string>> ParseStockRotationName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/stockRotations/{stock_rotation}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::StockRotation ToProto(const StockRotation& rotation) {
  v1::StockRotation message;
  message.set_name(rotation.name());
  message.set_uid(rotation.uid.ToString());
  message.set_etag(EtagOf(rotation.version));
  *message.mutable_create_time() = wire::ToProto(rotation.create_time);
  *message.mutable_update_time() = wire::ToProto(rotation.update_time);
  message.set_state(static_cast<v1::StockRotation::State>(rotation.state));
  message.set_way(static_cast<v1::StockRotation::Way>(rotation.way));
  *message.mutable_move_from() = wire::ToProto(rotation.window.start);
  *message.mutable_move_to() = wire::ToProto(rotation.window.end);
  *message.mutable_purchases_from() = wire::ToProto(rotation.purchases.start);
  *message.mutable_purchases_to() = wire::ToProto(rotation.purchases.end);
  *message.mutable_limit_rate() = wire::ToProto(rotation.limit_rate);
  if (!rotation.fee_rate.zero()) *message.mutable_restocking_fee_rate() = wire::ToProto(rotation.fee_rate);
  message.set_currency(rotation.currency);
  *message.mutable_claim_deadline() = wire::ToProto(rotation.claim_deadline);
  message.set_note(rotation.note);
  message.set_creator(rotation.creator);
  message.set_approver(rotation.approver);
  return message;
}

absl::StatusOr<StockRotation> FromProto(const v1::StockRotation& message, std::string_view partner) {
  FieldReader fields;
  StockRotation rotation{.partner = std::string(partner),
                         .way = static_cast<RotationWay>(message.way()),
                         .currency = message.currency(),
                         .note = message.note()};
  const auto date = [&fields](std::string_view field, const google::type::Date& day) {
    return fields.Take(StrCat("stock_rotation.", field), wire::FromProto(day));
  };
  rotation.window = {date("move_from", message.move_from()), date("move_to", message.move_to())};
  rotation.purchases = {date("purchases_from", message.purchases_from()), date("purchases_to", message.purchases_to())};
  rotation.limit_rate = fields.Take("stock_rotation.limit_rate", wire::FromProto(message.limit_rate()));
  if (message.has_restocking_fee_rate()) {
    rotation.fee_rate =
        fields.Take("stock_rotation.restocking_fee_rate", wire::FromProto(message.restocking_fee_rate()));
  }
  rotation.claim_deadline = date("claim_deadline", message.claim_deadline());
  RETURN_IF_ERROR(fields.status());
  return rotation;
}

}  // namespace tributary::incentive
