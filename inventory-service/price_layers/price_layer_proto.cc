#include "inventory-service/price_layers/price_layer_proto.h"

#include <string>

#include "absl/strings/numbers.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"

namespace tributary::inventory {
namespace {

// A unit price fits: it is a line's amount over its units.
google::type::Money UnitPrice(const Rational& price, std::string_view currency) {
  return ToMoney(price, currency).value_or(google::type::Money());
}

}  // namespace

absl::StatusOr<google::type::Money> ToMoney(const Rational& amount, std::string_view currency) {
  const std::string micros = amount.RoundScaled(6, Rounding::kHalfEven).str();
  absl::int128 value = 0;
  constexpr size_t kLongest = 27;  // 10^20 with six decimals, and a sign
  if (micros.size() > kLongest || !absl::SimpleAtoi(micros, &value)) {
    return Error(Reason::kOverflow, StrCat("an amount: got ", amount.ToString(), ", want one within 10^20"));
  }
  return wire::ToProto(Money{std::string(currency), Decimal::FromMicros(value)});
}

v1::PriceLayer ToProto(const PriceLayer& layer) {
  v1::PriceLayer out;
  if (!layer.line.empty()) {
    out.set_shipment_line(layer.line);
    *out.mutable_ship_date() = wire::ToProto(layer.ship_date);
    *out.mutable_received_date() = wire::ToProto(layer.arrival);
  }
  *out.mutable_received() = wire::ToProto(layer.received);
  *out.mutable_remaining() = wire::ToProto(layer.remaining);
  if (layer.unit_price.has_value()) {
    *out.mutable_unit_price() = UnitPrice(*layer.unit_price, layer.currency);
    out.set_exact_unit_price(layer.unit_price->ToString());
  }
  out.set_protected_by(layer.protected_by);
  return out;
}

v1::PriceProtection ToProto(const PriceProtection& protection) {
  v1::PriceProtection out;
  out.set_name(NameOf(protection));
  out.set_document(protection.document);
  out.set_line(protection.line);
  *out.mutable_effective_date() = wire::ToProto(protection.effective_date);
  out.set_product(ProductName(protection.product));
  *out.mutable_new_price() = wire::ToProto(Money{protection.currency, protection.new_price});
  out.set_in_transit_days(protection.in_transit_days);
  out.set_lookback_days(protection.lookback_days);
  if (protection.reported_units.has_value()) {
    *out.mutable_reported_units() = wire::ToProto(*protection.reported_units);
  }
  if (IsReversal(protection.generation)) {
    PriceProtection reversed = protection;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  if (protection.seq != 0) *out.mutable_record_time() = wire::ToProto(protection.recorded_at);
  return out;
}

absl::StatusOr<v1::PriceProtectionExposure> ToProto(const CutExposure& exposure, std::string_view currency) {
  v1::PriceProtectionExposure out;
  *out.mutable_book_units() = wire::ToProto(exposure.book);
  *out.mutable_unexplained_units() = wire::ToProto(exposure.unexplained);
  for (const ExposedUnits& line : exposure.lines) {
    v1::ExposureLine& next = *out.add_lines();
    *next.mutable_layer() = ToProto(line.layer);
    next.set_in_transit(line.in_transit);
    next.set_outcome(static_cast<v1::ExposureLine::Outcome>(static_cast<int>(line.reason) + 1));
    ASSIGN_OR_RETURN(*next.mutable_credit(), ToMoney(line.credit, currency));
  }
  ASSIGN_OR_RETURN(*out.mutable_credit(), ToMoney(exposure.credit, currency));
  return out;
}

absl::StatusOr<PriceProtection> FromProto(const v1::PriceProtection& protection, std::string_view partner) {
  FieldReader fields;
  PriceProtection out;
  out.partner = std::string(partner);
  out.document = protection.document();
  if (!IsDocumentSegment(out.document, kLongestSaleDocument)) {
    fields.Refuse("document", out.document, StrCat("1 to ", kLongestSaleDocument, " of A-Za-z0-9._~-"));
  }
  out.line = protection.line();
  out.effective_date = fields.Take("effective_date", wire::FromProto(protection.effective_date()));
  out.product = fields.Id("product", protection.product(), "products/{product}");
  const Money price = fields.Take("new_price", wire::FromProto(protection.new_price()));
  out.new_price = price.amount;
  out.currency = price.currency;
  out.in_transit_days = protection.in_transit_days();
  out.lookback_days = protection.lookback_days();
  if (protection.has_reported_units()) {
    out.reported_units = fields.Take("reported_units", wire::FromProto(protection.reported_units()));
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
