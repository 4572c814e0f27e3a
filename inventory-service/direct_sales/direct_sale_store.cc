#include "inventory-service/direct_sales/direct_sale_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

void AppendOwn(const DirectSale& sale, mysql::Values* values) {
  values->insert(values->end(),
                 {sale.order_date, sale.currency, sale.unit_price, sale.net_amount, sale.region, sale.customer_code});
}

void ReadOwn(const mysql::Row& row, size_t column, DirectSale* sale) {
  sale->order_date = row.Day(column);
  sale->currency = row.Text(column + 1);
  sale->unit_price = row.Dec(column + 2);
  sale->net_amount = row.Dec(column + 3);
  sale->region = row.Text(column + 4);
  sale->customer_code = row.Text(column + 5);
}

DirectSaleStore::DirectSaleStore()
    : table_({.table = "direct_sale",
              .has_partner = false,
              .has_unit = true,
              .has_parts = true,
              .own_columns = "order_date, currency, unit_price, net_amount, region, customer_code",
              .own_width = 6}) {}

const std::vector<FilterField>& DirectSaleStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("order_date", "order_date"), FilterField::String("document", "document"),
      FilterField::String("product", "CONCAT('products/', product)"),
      FilterField::String("region", "CONCAT('regions/', NULLIF(region, ''))")};
  return fields;
}

absl::StatusOr<DirectSale> DirectSaleStore::Get(mysql::Transaction& sql, const SaleId& id) const {
  ASSIGN_OR_RETURN(
      std::vector<DirectSale> found,
      table_.Select(sql, "WHERE document = ? AND line = ? AND generation = ?", {id.document, id.line, id.generation}));
  if (found.empty()) return NotFound(StrCat("directSales/", SaleSegment(id.document, id.line, id.generation)));
  return std::move(found.front());
}

absl::StatusOr<std::vector<DirectSale>> DirectSaleStore::List(mysql::Transaction& sql, const SaleId& after,
                                                              const SqlPredicate& filter, int limit) const {
  mysql::Values values = {after.document, after.document, after.line, after.line, after.generation};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return table_.Select(sql,
                       StrCat("WHERE (document > ? OR (document = ? AND (line > ? OR (line = ? AND generation > ?)))) "
                              "AND (",
                              filter.sql(), ") ORDER BY document, line, generation LIMIT ?"),
                       values);
}

absl::StatusOr<DirectSaleTotals> DirectSaleStore::Totals(mysql::Transaction& sql) const {
  // Reversals are negative, so nothing need be left out.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT currency, SUM(quantity), SUM(net_amount), "
                             "CAST(SUM(CASE WHEN MOD(generation, 2) = 1 THEN -1 ELSE 1 END) AS SIGNED) "
                             "FROM direct_sale GROUP BY currency"));
  DirectSaleTotals totals;
  for (const mysql::Row& row : rows) {
    totals.units += row.Dec(1);
    totals.lines += row.Int(3);
    if (row.Int(3) > 0) totals.net_amounts[row.Text(0)] = row.Dec(2);
  }
  return totals;
}

}  // namespace tributary::inventory
