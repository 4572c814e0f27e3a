#include "inventory-service/shipments/shipment_proto.h"

#include <algorithm>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/quantity_proto.h"
#include "inventory-service/sites/site_proto.h"

namespace tributary::inventory {

v1::ShipmentLine ToProto(const ShipmentLine& line) {
  v1::ShipmentLine out;
  out.set_name(NameOf(line));
  out.set_partner(PartnerName(line.partner));
  out.set_document(line.document);
  out.set_line(line.line);
  *out.mutable_order_date() = wire::ToProto(line.order_date);
  *out.mutable_ship_date() = wire::ToProto(line.ship_date);
  out.set_product(ProductName(line.product));
  out.set_lot(line.lot);
  PutQuantity(line, &out);
  *out.mutable_unit_price() = wire::ToProto(Money{line.currency, line.unit_price});
  *out.mutable_discount() = wire::ToProto(Money{line.currency, line.discount});
  *out.mutable_net_amount() = wire::ToProto(Money{line.currency, line.net_amount});
  if (!line.wallet_amount.zero()) {
    *out.mutable_wallet_amount() = wire::ToProto(Money{line.currency, line.wallet_amount});
  }
  out.set_original_line(line.original_line);
  if (!line.order.empty()) out.set_order(StrCat("partners/", line.partner, "/orders/", line.order));
  out.set_order_line(line.order_line);
  out.set_site(SiteName(line.partner, line.site));
  out.set_awaits_receipt(line.awaits_receipt);
  for (const std::string& serial : line.serials) out.add_serials(serial);
  PutParts(line.parts, &out);
  if (!line.product_line.empty()) out.set_product_line(StrCat("productLines/", line.product_line));
  if (IsReversal(line.generation)) {
    ShipmentLine reversed = line;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  if (line.import_id.has_value()) out.set_import(StrCat("imports/", line.import_id->ToString()));
  if (line.seq != 0) *out.mutable_record_time() = wire::ToProto(line.recorded_at);
  return out;
}

v1::Shipment ToProto(const Shipment& shipment) {
  v1::Shipment out;
  out.set_name(ShipmentName(shipment.partner, shipment.document));
  *out.mutable_create_time() = wire::ToProto(shipment.create_time);
  *out.mutable_update_time() = wire::ToProto(shipment.update_time);
  for (const ShipmentLine& line : shipment.lines) *out.add_lines() = ToProto(line);
  return out;
}

v1::SellInTotals ToProto(const SellInTotals& totals) {
  v1::SellInTotals out;
  out.set_lines(totals.lines);
  *out.mutable_units() = wire::ToProto(totals.units);
  for (const auto& [currency, amount] : totals.net_amounts) {
    *out.add_net_amounts() = wire::ToProto(Money{currency, amount});
  }
  out.set_partners(totals.partners);
  out.set_documents(totals.documents);
  return out;
}

absl::StatusOr<ShipmentLine> FromProto(const v1::ShipmentLine& line) {
  FieldReader fields;
  ShipmentLine out;
  out.partner = fields.Id("partner", line.partner(), "partners/{partner}");
  out.document = line.document();
  if (!IsDocumentSegment(out.document)) fields.Refuse("document", out.document, "1 to 64 of A-Za-z0-9._~-");
  out.line = line.line();
  out.order_date = fields.Take("order_date", wire::FromProto(line.order_date()));
  out.ship_date = fields.Take("ship_date", wire::FromProto(line.ship_date()));
  out.product = fields.Id("product", line.product(), "products/{product}");
  out.lot = line.lot();
  TakeQuantity(line, fields, &out);
  const Decimal told = out.stated_quantity();
  if (!line.site().empty()) out.site = TakeSite(line.site(), out.partner, &fields);
  out.awaits_receipt = line.awaits_receipt();
  Money net = fields.Take("net_amount", wire::FromProto(line.net_amount()));
  const Money price = fields.Take("unit_price", wire::FromProto(line.unit_price()));
  out.unit_price = price.amount;
  out.net_amount = net.amount;
  out.currency = std::move(net.currency);
  if (price.currency != out.currency) {
    fields.Refuse("unit_price.currency_code", price.currency, StrCat(out.currency, ", the currency of net_amount"));
  }
  if (line.has_discount()) {
    const Money discount = fields.Take("discount", wire::FromProto(line.discount()));
    out.discount = discount.amount;
    if (discount.currency != out.currency) {
      fields.Refuse("discount.currency_code", discount.currency, StrCat(out.currency, ", the currency of net_amount"));
    }
  }
  if (line.has_wallet_amount()) {
    const Money wallet = fields.Take("wallet_amount", wire::FromProto(line.wallet_amount()));
    out.wallet_amount = wallet.amount;
    if (wallet.currency != out.currency) {
      fields.Refuse("wallet_amount.currency_code", wallet.currency,
                    StrCat(out.currency, ", the currency of net_amount"));
    }
    const Decimal least = std::min(Decimal(), out.discount), most = std::max(Decimal(), out.discount);
    if (out.wallet_amount < least || most < out.wallet_amount) {
      fields.Refuse("wallet_amount", out.wallet_amount.ToString(),
                    StrCat("a part of discount, ", out.discount.ToString()));
    }
  }
  out.order = fields.OwnId("order", line.order(), out.partner, "orders");
  out.order_line = line.order_line();
  if (line.order().empty() != (out.order_line == 0)) {
    fields.Refuse("order_line", StrCat(out.order_line),
                  line.order().empty() ? "0, as no order is named" : "the line of the order that is shipped");
  }
  out.original_line = line.original_line();
  if (out.original_line.empty()) {
    // Only a return may be negative.
    constexpr std::string_view kWant = "0 or more, or original_line for a return";
    if (told.negative()) fields.Refuse(out.quantity_field(), told.ToString(), kWant);
    if (out.net_amount.negative()) fields.Refuse("net_amount", out.net_amount.ToString(), kWant);
    if (out.discount.negative()) fields.Refuse("discount", out.discount.ToString(), kWant);
  } else {
    const auto ids = ParseResourceName(out.original_line, "partners/{partner}/shipments/{document}/lines/{line}");
    if (!ids.ok() || !ParseLineSegment(ids->at(2)).has_value()) {
      fields.Refuse("original_line", out.original_line, "partners/{partner}/shipments/{document}/lines/{line}");
    } else if (ids->at(0) != out.partner) {
      fields.Refuse("original_line", out.original_line, StrCat("a line of ", PartnerName(out.partner)));
    }
    if (Decimal() < told) fields.Refuse(out.quantity_field(), told.ToString(), "0 or less, for a return");
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
