#include "inventory-service/direct_sales/direct_sale_proto.h"

#include <utility>

#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/quantity_proto.h"

namespace tributary::inventory {

v1::DirectSale ToProto(const DirectSale& sale) {
  v1::DirectSale out;
  out.set_name(NameOf(sale));
  out.set_document(sale.document);
  out.set_line(sale.line);
  *out.mutable_order_date() = wire::ToProto(sale.order_date);
  out.set_product(ProductName(sale.product));
  out.set_lot(sale.lot);
  PutParts(sale.parts, &out);
  PutQuantity(sale, &out);
  *out.mutable_unit_price() = wire::ToProto(Money{sale.currency, sale.unit_price});
  *out.mutable_net_amount() = wire::ToProto(Money{sale.currency, sale.net_amount});
  if (!sale.region.empty()) out.set_region(StrCat("regions/", sale.region));
  out.set_customer_code(sale.customer_code);
  if (!sale.product_line.empty()) out.set_product_line(StrCat("productLines/", sale.product_line));
  if (IsReversal(sale.generation)) {
    DirectSale reversed = sale;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  if (sale.import_id.has_value()) out.set_import(StrCat("imports/", sale.import_id->ToString()));
  if (sale.seq != 0) *out.mutable_record_time() = wire::ToProto(sale.recorded_at);
  return out;
}

v1::DirectSaleTotals ToProto(const DirectSaleTotals& totals) {
  v1::DirectSaleTotals out;
  out.set_lines(totals.lines);
  *out.mutable_units() = wire::ToProto(totals.units);
  for (const auto& [currency, amount] : totals.net_amounts) {
    *out.add_net_amounts() = wire::ToProto(Money{currency, amount});
  }
  return out;
}

absl::StatusOr<DirectSale> FromProto(const v1::DirectSale& sale) {
  FieldReader fields;
  DirectSale out;
  out.document = sale.document();
  if (!IsDocumentSegment(out.document, kLongestSaleDocument)) {
    fields.Refuse("document", out.document, StrCat("1 to ", kLongestSaleDocument, " of A-Za-z0-9._~-"));
  }
  out.line = sale.line();
  out.order_date = fields.Take("order_date", wire::FromProto(sale.order_date()));
  out.product = fields.Id("product", sale.product(), "products/{product}");
  out.lot = sale.lot();
  TakeQuantity(sale, fields, &out);
  Money net = fields.Take("net_amount", wire::FromProto(sale.net_amount()));
  const Money price = fields.Take("unit_price", wire::FromProto(sale.unit_price()));
  out.unit_price = price.amount;
  out.net_amount = net.amount;
  out.currency = std::move(net.currency);
  if (price.currency != out.currency) {
    fields.Refuse("unit_price.currency_code", price.currency, StrCat(out.currency, ", the currency of net_amount"));
  }
  if (out.net_amount.negative() && !out.stated_quantity().negative()) {
    fields.Refuse("net_amount", out.net_amount.ToString(), "0 or more, or a negative quantity for a return");
  }
  if (!sale.region().empty()) out.region = fields.Id("region", sale.region(), "regions/{region}");
  out.customer_code = sale.customer_code();
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
