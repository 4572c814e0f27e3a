#include "conflict-service/facts/sold_store.h"

#include <string_view>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

// Rows that count on their own day, `g`: all but returns of a sale that is known.
constexpr std::string_view kOnTheirDay =
    "SELECT g.partner, s.region, g.sale_date, g.quantity FROM sold_goods g JOIN sale s ON s.name = g.sale WHERE "
    "NOT EXISTS (SELECT 1 FROM sold_return l JOIN sold_goods o ON o.sale = l.original WHERE l.sale = g.sale AND "
    "o.partner = g.partner AND o.product = g.product) AND s.reverses = '' AND "
    "NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) AND "
    "g.product = ? AND g.sale_date >= ? AND g.sale_date < ? AND g.partner IN ";
// Returns of the sales `g` of the partner.
constexpr std::string_view kOnTheirSalesDay =
    "SELECT g.partner, o.region, g.sale_date, b.quantity FROM sold_goods g JOIN sale o ON o.name = g.sale JOIN "
    "sold_return l ON l.original = g.sale JOIN sold_goods b ON b.sale = l.sale JOIN sale s ON s.name = b.sale WHERE "
    "b.partner = g.partner AND b.product = g.product AND s.reverses = '' AND "
    "NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) AND "
    "g.product = ? AND g.sale_date >= ? AND g.sale_date < ? AND g.partner IN ";

}  // namespace

absl::Status SoldStore::Put(mysql::Transaction& sql, const std::vector<SoldGoods>& sold) const {
  mysql::Values rows, returns;
  for (const SoldGoods& goods : sold) {
    rows.insert(rows.end(), {goods.sale, goods.partner, goods.product, goods.date, goods.quantity});
    if (!goods.original.empty()) returns.insert(returns.end(), {goods.sale, goods.original});
  }
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO sold_goods (sale, partner, product, sale_date, quantity) VALUES", 5, rows,
                                 "ON DUPLICATE KEY UPDATE sale = VALUES(sale)"));
  return sql.InsertRows("INSERT INTO sold_return (sale, original) VALUES", 2, returns,
                        "ON DUPLICATE KEY UPDATE sale = VALUES(sale)");
}

absl::StatusOr<std::vector<SoldUnits>> SoldStore::Of(mysql::Transaction& sql, const std::string& product,
                                                     const std::set<std::string>& partners,
                                                     const DateRange& days) const {
  std::vector<SoldUnits> sold;
  RETURN_IF_ERROR(ForNames(partners, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = {product, days.start, days.end};
    bound.insert(bound.end(), values.begin(), values.end());
    for (const std::string_view select : {kOnTheirDay, kOnTheirSalesDay}) {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(select, in), bound));
      for (const mysql::Row& row : rows) {
        sold.push_back({.partner = row.Text(0), .region = row.Text(1), .date = row.Day(2), .quantity = row.Dec(3)});
      }
    }
    return absl::OkStatus();
  }));
  return sold;
}

}  // namespace tributary::conflict
