#include "inventory-service/sell_through/sell_through_sale_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

void AppendOwn(const SellThroughSale& sale, mysql::Values* values) {
  values->insert(values->end(), {sale.sale_date, sale.currency, mysql::Value(sale.unit_price), sale.region,
                                 sale.end_customer, sale.site, mysql::Value(sale.report)});
}

void ReadOwn(const mysql::Row& row, size_t column, SellThroughSale* sale) {
  sale->sale_date = row.Day(column);
  sale->currency = row.Text(column + 1);
  if (!row.IsNull(column + 2)) sale->unit_price = row.Dec(column + 2);
  sale->region = row.Text(column + 3);
  sale->end_customer = row.Text(column + 4);
  sale->site = row.Text(column + 5);
  if (!row.IsNull(column + 6)) sale->report = row.Id(column + 6);
}

SellThroughSaleStore::SellThroughSaleStore()
    : table_({.table = "sell_through_sale",
              .partner_in_key = true,
              .own_columns = "sale_date, currency, unit_price, region, end_customer, site, report",
              .own_width = 7}) {}

const std::vector<FilterField>& SellThroughSaleStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("sale_date", "sale_date"), FilterField::String("document", "document"),
      FilterField::String("product", "CONCAT('products/', product)"),
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::String("region", "CONCAT('regions/', region)")};
  return fields;
}

absl::StatusOr<SellThroughSale> SellThroughSaleStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                          const SaleId& id) const {
  ASSIGN_OR_RETURN(std::vector<SellThroughSale> found,
                   table_.Select(sql, "WHERE document = ? AND partner = ? AND line = ? AND generation = ?",
                                 {id.document, partner, id.line, id.generation}));
  if (found.empty()) {
    return NotFound(StrCat("partners/", partner, "/sales/", SaleSegment(id.document, id.line, id.generation)));
  }
  return std::move(found.front());
}

absl::StatusOr<std::vector<SellThroughSale>> SellThroughSaleStore::List(mysql::Transaction& sql,
                                                                        std::string_view partner,
                                                                        std::string_view after_partner,
                                                                        const SaleId& after, const SqlPredicate& filter,
                                                                        int limit) const {
  mysql::Values values = {after_partner, after_partner, after.document,  after.document,
                          after.line,    after.line,    after.generation};
  std::string where =
      "WHERE (partner > ? OR (partner = ? AND (document > ? OR (document = ? AND "
      "(line > ? OR (line = ? AND generation > ?))))))";
  if (!partner.empty()) {
    where += " AND partner = ?";
    values.push_back(partner);
  }
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return table_.Select(
      sql, StrCat(where, " AND (", filter.sql(), ") ORDER BY partner, document, line, generation LIMIT ?"), values);
}

}  // namespace tributary::inventory
