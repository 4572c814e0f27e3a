#include "inventory-service/sell_through/sell_through_sale_proto.h"

#include <utility>

#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/kit_parts_proto.h"
#include "inventory-service/facts/quantity_proto.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

v1::SellThroughSale ToProto(const SellThroughSale& sale) {
  v1::SellThroughSale out;
  out.set_name(NameOf(sale));
  out.set_document(sale.document);
  out.set_line(sale.line);
  *out.mutable_sale_date() = wire::ToProto(sale.sale_date);
  out.set_product(ProductName(sale.product));
  out.set_lot(sale.lot);
  for (const std::string& serial : sale.serials) out.add_serials(serial);
  PutParts(sale.parts, &out);
  PutQuantity(sale, &out);
  if (sale.unit_price.has_value()) {
    *out.mutable_unit_price() = wire::ToProto(Money{sale.currency, *sale.unit_price});
  }
  if (!sale.region.empty()) out.set_region(StrCat("regions/", sale.region));
  if (sale.net_amount.has_value()) {
    *out.mutable_net_amount() = wire::ToProto(Money{sale.currency, *sale.net_amount});
  }
  out.set_activity(static_cast<v1::SellThroughSale::Activity>(sale.activity));
  out.set_original_sale(sale.original_sale);
  out.set_sale_type(static_cast<v1::SellThroughSale::SaleType>(sale.sale_type));
  out.set_end_customer(sale.end_customer);
  out.set_site(SiteName(sale.partner, sale.site));
  if (sale.report.has_value()) {
    out.set_report(StrCat("partners/", sale.partner, "/reports/", sale.report->ToString()));
  }
  if (!sale.product_line.empty()) out.set_product_line(StrCat("productLines/", sale.product_line));
  if (IsReversal(sale.generation)) {
    SellThroughSale reversed = sale;
    --reversed.generation;
    out.set_reverses(NameOf(reversed));
  }
  if (sale.import_id.has_value()) out.set_import(StrCat("imports/", sale.import_id->ToString()));
  if (sale.seq != 0) *out.mutable_record_time() = wire::ToProto(sale.recorded_at);
  return out;
}

v1::SellThroughTotals ToProto(const SellThroughTotals& totals) {
  v1::SellThroughTotals out;
  out.set_lines(totals.lines);
  out.set_returns(totals.returns);
  out.set_adjustments(totals.adjustments);
  *out.mutable_units() = wire::ToProto(totals.units);
  *out.mutable_adjusted_units() = wire::ToProto(totals.adjusted_units);
  for (const auto& [currency, amount] : totals.net_amounts) {
    *out.add_net_amounts() = wire::ToProto(Money{currency, amount});
  }
  for (const auto& [currency, amount] : totals.amounts_at_price) {
    *out.add_amounts_at_price() = wire::ToProto(Money{currency, amount});
  }
  out.set_partners(totals.partners);
  out.set_documents(totals.documents);
  return out;
}

absl::StatusOr<SellThroughSale> FromProto(const v1::SellThroughSale& sale, std::string_view partner) {
  FieldReader fields;
  SellThroughSale out;
  out.partner = std::string(partner);
  out.document = sale.document();
  if (!IsDocumentSegment(out.document, kLongestSaleDocument)) {
    fields.Refuse("document", out.document, StrCat("1 to ", kLongestSaleDocument, " of A-Za-z0-9._~-"));
  }
  out.line = sale.line();
  out.sale_date = fields.Take("sale_date", wire::FromProto(sale.sale_date()));
  out.product = fields.Id("product", sale.product(), "products/{product}");
  out.lot = sale.lot();
  TakeQuantity(sale, fields, &out);
  if (sale.has_unit_price()) {
    Money price = fields.Take("unit_price", wire::FromProto(sale.unit_price()));
    out.unit_price = price.amount;
    out.currency = std::move(price.currency);
  }
  if (sale.has_net_amount()) {
    Money net = fields.Take("net_amount", wire::FromProto(sale.net_amount()));
    out.net_amount = net.amount;
    if (!sale.has_unit_price()) out.currency = std::move(net.currency);
    if (sale.has_unit_price() && net.currency != out.currency) {
      fields.Refuse("net_amount.currency_code", net.currency, StrCat(out.currency, ", the currency of unit_price"));
    }
  }
  const bool negative = out.stated_quantity().negative();
  out.activity = sale.activity() != v1::SellThroughSale::ACTIVITY_UNSPECIFIED
                     ? static_cast<SellThroughSale::Activity>(sale.activity())
                     : (negative ? SellThroughSale::Activity::kReturn : SellThroughSale::Activity::kSale);
  out.original_sale = sale.original_sale();
  out.sale_type = static_cast<SellThroughSale::SaleType>(sale.sale_type());
  for (const FieldViolation& violation : Check(out)) fields.Refuse(violation.field, violation.got, violation.want);
  out.region = fields.Id("region", sale.region(), "regions/{region}");
  out.end_customer = sale.end_customer();
  if (!sale.site().empty()) {
    const auto site = ParseResourceName(sale.site(), "partners/{partner}/sites/{site}", "site");
    if (!site.ok() || (*site)[0] != partner) {
      fields.Refuse("site", sale.site(), StrCat("a site of partners/", partner));
    } else {
      out.site = (*site)[1];
    }
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
