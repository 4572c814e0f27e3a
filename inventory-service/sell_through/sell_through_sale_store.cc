#include "inventory-service/sell_through/sell_through_sale_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {

void AppendOwn(const SellThroughSale& sale, mysql::Values* values) {
  values->insert(values->end(),
                 {sale.sale_date, static_cast<int>(sale.activity), sale.currency, mysql::Value(sale.unit_price),
                  mysql::Value(sale.net_amount), sale.region, sale.end_customer, sale.original_sale,
                  static_cast<int>(sale.sale_type), sale.site, mysql::Value(sale.report)});
}

void ReadOwn(const mysql::Row& row, size_t column, SellThroughSale* sale) {
  sale->sale_date = row.Day(column);
  sale->activity = static_cast<SellThroughSale::Activity>(row.Int(column + 1));
  sale->currency = row.Text(column + 2);
  if (!row.IsNull(column + 3)) sale->unit_price = row.Dec(column + 3);
  if (!row.IsNull(column + 4)) sale->net_amount = row.Dec(column + 4);
  sale->region = row.Text(column + 5);
  sale->end_customer = row.Text(column + 6);
  sale->original_sale = row.Text(column + 7);
  sale->sale_type = static_cast<SellThroughSale::SaleType>(row.Int(column + 8));
  sale->site = row.Text(column + 9);
  if (!row.IsNull(column + 10)) sale->report = row.Id(column + 10);
}

SellThroughSaleStore::SellThroughSaleStore()
    : table_({.table = "sell_through_sale",
              .partner_in_key = true,
              .has_serials = true,
              .has_unit = true,
              .has_parts = true,
              .own_columns = "sale_date, activity, currency, unit_price, net_amount, region, end_customer, "
                             "original_sale, sale_type, site, report",
              .own_width = 11}) {}

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
  const PageClauses page = PageOf(partner,
                                  {{"partner", after_partner},
                                   {"document", after.document},
                                   {"line", after.line},
                                   {"generation", after.generation}},
                                  filter, limit);
  return table_.Select(sql, page.sql(), page.values);
}

absl::StatusOr<SellThroughTotals> SellThroughSaleStore::Totals(mysql::Transaction& sql,
                                                               std::string_view partner) const {
  // Reversals are negative, so sums need not leave anything out; counts take them off. The first branch adds up by
  // currency and activity, the second one counts.
  constexpr std::string_view kStanding = "SUM(CASE WHEN MOD(generation, 2) = 1 THEN -1 ELSE 1 END)";
  const std::string where = partner.empty() ? "" : "WHERE partner = ? ";
  const mysql::Values values = partner.empty() ? mysql::Values{} : mysql::Values{partner, partner};
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT currency, activity, CAST(", kStanding,
                       " AS SIGNED), SUM(quantity), SUM(net_amount), "
                       "ROUND(SUM(CASE unit WHEN '' THEN quantity ELSE unit_quantity END * unit_price), 6), "
                       "COUNT(net_amount), COUNT(unit_price), 0, 0 FROM sell_through_sale ",
                       where,
                       "GROUP BY currency, activity UNION ALL "
                       "SELECT '', 0, 0, 0, NULL, NULL, 0, 0, COUNT(DISTINCT partner), COUNT(*) FROM "
                       "(SELECT partner, document FROM sell_through_sale ",
                       where, "GROUP BY partner, document HAVING ", kStanding, " > 0) documents"),
                values));
  SellThroughTotals totals;
  for (const mysql::Row& row : rows) {
    const int64_t lines = row.Int(2);
    const auto activity = static_cast<SellThroughSale::Activity>(row.Int(1));
    totals.lines += lines;
    if (activity == SellThroughSale::Activity::kReturn) totals.returns += lines;
    if (activity == SellThroughSale::Activity::kAdjustment) {
      totals.adjustments += lines;
      totals.adjusted_units += row.Dec(3);
    } else {
      totals.units += row.Dec(3);
    }
    if (lines > 0 && row.Int(6) > 0) totals.net_amounts[row.Text(0)] += row.Dec(4);
    if (lines > 0 && row.Int(7) > 0) totals.amounts_at_price[row.Text(0)] += row.Dec(5);
    totals.partners += row.Int(8);
    totals.documents += row.Int(9);
  }
  return totals;
}

}  // namespace tributary::inventory
