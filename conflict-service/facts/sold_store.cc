#include "conflict-service/facts/sold_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {

absl::Status SoldStore::Put(mysql::Transaction& sql, const std::vector<SoldGoods>& sold) const {
  mysql::Values rows;
  for (const SoldGoods& goods : sold) {
    rows.insert(rows.end(), {goods.sale, goods.partner, goods.product, goods.date, goods.quantity});
  }
  return sql.InsertRows("INSERT INTO sold_goods (sale, partner, product, sale_date, quantity) VALUES", 5, rows,
                        "ON DUPLICATE KEY UPDATE sale = VALUES(sale)");
}

absl::StatusOr<std::vector<SoldUnits>> SoldStore::Of(mysql::Transaction& sql, const std::string& product,
                                                     const std::set<std::string>& partners,
                                                     const DateRange& days) const {
  std::vector<SoldUnits> sold;
  RETURN_IF_ERROR(ForNames(partners, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = {product, days.start, days.end};
    bound.insert(bound.end(), values.begin(), values.end());
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT g.partner, s.region, g.sale_date, g.quantity FROM sold_goods g JOIN sale s ON "
                         "s.name = g.sale WHERE g.product = ? AND g.sale_date >= ? AND g.sale_date < ? AND "
                         "s.reverses = '' AND NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) AND "
                         "g.partner IN ",
                         in),
                  bound));
    for (const mysql::Row& row : rows) {
      sold.push_back({.partner = row.Text(0), .region = row.Text(1), .date = row.Day(2), .quantity = row.Dec(3)});
    }
    return absl::OkStatus();
  }));
  return sold;
}

}  // namespace tributary::conflict
