#include "conflict-service/facts/direct_sale_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kOnDays = "s.sale_date >= ? AND s.sale_date < ?";

// Those for which `where` holds, some at a time.
absl::Status VisitDirectSales(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                              SalesVisitor visit) {
  constexpr int kAtOnce = 2000;
  std::string last;
  for (;;) {
    mysql::Values bound = values;
    bound.insert(bound.end(), {last, kAtOnce});
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT s.name, s.sale_date, s.region, s.product_line, s.customer, s.is_return, s.reverses, "
                         "EXISTS (SELECT 1 FROM direct_sale r WHERE r.reverses = s.name) FROM direct_sale s WHERE ",
                         where, " AND s.name > ? ORDER BY s.name LIMIT ?"),
                  bound));
    if (rows.empty()) return absl::OkStatus();
    last = rows.back().Text(0);
    std::vector<Sale> sales;
    for (const mysql::Row& row : rows) {
      sales.push_back({.name = row.Text(0),
                       .date = row.Day(1),
                       .region = row.Text(2),
                       .product_line = row.Text(3),
                       .customer = row.Text(4),
                       .is_return = row.Bool(5),
                       .reverses = row.Text(6),
                       .reversed = row.Bool(7)});
    }
    RETURN_IF_ERROR(visit(sales));
    if (rows.size() < kAtOnce) return absl::OkStatus();
  }
}

}  // namespace

absl::Status DirectSaleStore::Put(mysql::Transaction& sql, const std::vector<Sale>& sales) const {
  mysql::Values values;
  for (const Sale& sale : sales) {
    values.insert(values.end(),
                  {sale.name, sale.date, sale.region, sale.product_line, sale.customer, sale.is_return, sale.reverses});
  }
  return PutRows(
      sql, "INSERT INTO direct_sale (name, sale_date, region, product_line, customer, is_return, reverses) VALUES", 7,
      std::move(values), "ON DUPLICATE KEY UPDATE name = VALUES(name)");
}

absl::Status DirectSaleStore::Named(mysql::Transaction& sql, const std::set<std::string>& names,
                                    SalesVisitor visit) const {
  return ForNames(names, [&](const std::string& in, const mysql::Values& values) {
    return VisitDirectSales(sql, StrCat("s.name IN ", in), values, visit);
  });
}

absl::Status DirectSaleStore::In(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& time,
                                 SalesVisitor visit) const {
  return ForNames(regions, [&](const std::string& in, const mysql::Values& values) {
    mysql::Values bound = values;
    bound.insert(bound.end(), {time.start, time.end});
    return VisitDirectSales(sql, StrCat("s.region IN ", in, " AND ", kOnDays), bound, visit);
  });
}

absl::Status DirectSaleStore::On(mysql::Transaction& sql, const DateRange& days, SalesVisitor visit) const {
  return VisitDirectSales(sql, kOnDays, {days.start, days.end}, visit);
}

}  // namespace tributary::conflict
