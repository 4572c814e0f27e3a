#include "inventory-service/partner_reports/report_facts.h"

namespace tributary::inventory {
namespace {

template <typename F>
F FactOf(std::string_view partner, const ReportRow& row, const ProductReference& product) {
  const RowContent& content = *row.content;
  F fact;
  fact.partner = std::string(partner);
  fact.document = row.key.document;
  fact.line = row.key.line;
  fact.product = content.product;
  fact.product_line = product.product_line;
  fact.lot = content.lot;
  fact.quantity = content.quantity;
  fact.unit = content.unit;
  fact.unit_quantity = content.unit_quantity;
  return fact;
}

}  // namespace

SellThroughSale SaleOf(std::string_view partner, const ReportRow& row, const ProductReference& product) {
  SellThroughSale sale = FactOf<SellThroughSale>(partner, row, product);
  const RowContent& content = *row.content;
  sale.posted = product.kind == ProductKind::kStocked;
  sale.sale_date = content.cell.date;
  sale.site = content.cell.site;
  if (content.cell.activity == Activity::kAdjusted) {
    sale.activity = SellThroughSale::Activity::kAdjustment;
  } else {
    sale.activity = sale.quantity.negative() ? SellThroughSale::Activity::kReturn : SellThroughSale::Activity::kSale;
  }
  sale.unit_price = content.unit_price;
  sale.currency = content.currency;
  sale.region = content.region;
  sale.end_customer = content.end_customer;
  sale.sale_type = static_cast<SellThroughSale::SaleType>(content.sale_type);
  // A document that a sale refers to is no sale that it takes back.
  if (sale.activity == SellThroughSale::Activity::kReturn) sale.original_sale = content.original_sale;
  sale.report = row.report;
  return sale;
}

OnHandReport OnHandOf(std::string_view partner, const ReportRow& row, const ProductReference& product) {
  OnHandReport report = FactOf<OnHandReport>(partner, row, product);
  const RowContent& content = *row.content;
  report.site = content.cell.site;
  report.date = content.cell.date;
  report.boundary = content.boundary;
  report.report = row.report;
  return report;
}

}  // namespace tributary::inventory
