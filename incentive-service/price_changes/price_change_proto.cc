#include "incentive-service/price_changes/price_change_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {

absl::StatusOr<std::string> PriceChangeIdOf(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "priceChanges/{price_change}", field));
  return std::move(ids.front());
}

v1::PriceChange ToProto(const PriceChange& change) {
  v1::PriceChange message;
  message.set_name(change.name());
  message.set_uid(change.uid.ToString());
  message.set_etag(EtagOf(change.version));
  *message.mutable_create_time() = wire::ToProto(change.create_time);
  *message.mutable_update_time() = wire::ToProto(change.update_time);
  message.set_state(static_cast<v1::PriceChange::State>(change.state));
  message.set_product(change.product);
  *message.mutable_effective_date() = wire::ToProto(change.effective_date);
  *message.mutable_new_price() = wire::ToProto(Money{change.currency, change.new_price});
  message.set_in_transit_days(change.in_transit_days);
  message.set_lookback_days(change.lookback_days);
  message.set_reverse(change.reverse);
  *message.mutable_claim_deadline() = wire::ToProto(change.claim_deadline);
  message.set_note(change.note);
  message.set_creator(change.creator);
  message.set_announcer(change.announcer);
  return message;
}

absl::StatusOr<PriceChange> FromProto(const v1::PriceChange& message) {
  FieldReader fields;
  PriceChange change{.product = message.product(),
                     .in_transit_days = message.in_transit_days(),
                     .lookback_days = message.lookback_days(),
                     .reverse = message.reverse(),
                     .note = message.note()};
  fields.Id("price_change.product", message.product(), "products/{product}");
  change.effective_date = fields.Take("price_change.effective_date", wire::FromProto(message.effective_date()));
  Money price = fields.Take("price_change.new_price", wire::FromProto(message.new_price()));
  change.new_price = price.amount;
  change.currency = std::move(price.currency);
  if (!CurrencyExponent(change.currency).has_value()) {
    fields.Refuse("price_change.new_price.currency_code", change.currency, "an ISO 4217 code");
  }
  change.claim_deadline = fields.Take("price_change.claim_deadline", wire::FromProto(message.claim_deadline()));
  RETURN_IF_ERROR(fields.status());
  return change;
}

v1::PriceExposure ToProto(const CutExposure& exposure, const LayerProtection& protection, std::string_view partner) {
  v1::PriceExposure message;
  const std::string name = StrCat("partners/", partner);
  message.set_partner(name);
  *message.mutable_book_units() = wire::ToProto(exposure.book);
  if (protection.reported_units.has_value()) {
    *message.mutable_reported_units() = wire::ToProto(*protection.reported_units);
  }
  *message.mutable_unexplained_units() = wire::ToProto(exposure.unexplained);
  for (const ExposedUnits& line : exposure.lines) {
    v1::ExposedLayer& next = *message.add_layers();
    if (!line.layer.line.empty()) {
      next.set_shipment_line(StrCat(name, "/", line.layer.line));
      *next.mutable_ship_date() = wire::ToProto(line.layer.ship_date);
      *next.mutable_received_date() = wire::ToProto(line.layer.arrival);
    }
    next.set_in_transit(line.in_transit);
    *next.mutable_quantity() = wire::ToProto(line.layer.remaining);
    if (line.layer.unit_price.has_value()) next.set_unit_price(line.layer.unit_price->ToString());
    next.set_protected_by(line.layer.protected_by);
    next.set_outcome(static_cast<v1::ExposedLayer::Outcome>(static_cast<int>(line.reason) + 1));
    *next.mutable_credit() = MoneyToProto(line.credit, protection.currency);
  }
  *message.mutable_credit() = MoneyToProto(exposure.credit, protection.currency);
  return message;
}

}  // namespace tributary::incentive
