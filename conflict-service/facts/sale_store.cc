#include "conflict-service/facts/sale_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr int kChunk = 2000;

constexpr std::string_view kSelect =
    "SELECT s.partner, s.name, s.sale_date, s.region, s.product_line, s.customer, s.is_return, s.reverses, "
    "EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name) FROM sale s WHERE ";

std::vector<Sale> FromRows(const mysql::Rows& rows) {
  std::vector<Sale> sales;
  sales.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    sales.push_back({.name = row.Text(1),
                     .partner = row.Text(0),
                     .date = row.Day(2),
                     .region = row.Text(3),
                     .product_line = row.Text(4),
                     .customer = row.Text(5),
                     .is_return = row.Bool(6),
                     .reverses = row.Text(7),
                     .reversed = row.Bool(8)});
  }
  return sales;
}

constexpr std::string_view kOnTheseDays = "s.sale_date >= ? AND s.sale_date < ?";

// The sales for which `where` holds, some at a time.
absl::Status VisitWhere(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                        SalesVisitor visit) {
  std::string last;
  for (;;) {
    mysql::Values bound = values;
    bound.insert(bound.end(), {last, kChunk});
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat(kSelect, where, " AND s.name > ? ORDER BY s.name LIMIT ?"), bound));
    if (rows.empty()) return absl::OkStatus();
    last = rows.back().Text(1);
    RETURN_IF_ERROR(visit(FromRows(rows)));
    if (rows.size() < kChunk) return absl::OkStatus();
  }
}

// Those whose `column` is one of `names`.
absl::Status Visit(mysql::Transaction& sql, std::string_view column, const std::set<std::string>& names,
                   SalesVisitor visit) {
  return ForNames(names, [&](const std::string& in, const mysql::Values& values) {
    return VisitWhere(sql, StrCat(column, " IN ", in), values, visit);
  });
}

}  // namespace

absl::Status SaleStore::Put(mysql::Transaction& sql, const std::vector<Sale>& sales) const {
  mysql::Values values;
  for (const Sale& sale : sales) {
    values.insert(values.end(), {sale.partner, sale.name, sale.date, sale.region, sale.product_line, sale.customer,
                                 sale.is_return, sale.reverses});
  }
  return PutRows(
      sql, "INSERT INTO sale (partner, name, sale_date, region, product_line, customer, is_return, reverses) VALUES", 8,
      std::move(values), "ON DUPLICATE KEY UPDATE name = VALUES(name)");
}

absl::Status SaleStore::Named(mysql::Transaction& sql, const std::set<std::string>& names, SalesVisitor visit) const {
  return Visit(sql, "s.name", names, visit);
}

absl::Status SaleStore::Of(mysql::Transaction& sql, const std::set<std::string>& partners, SalesVisitor visit) const {
  return Visit(sql, "s.partner", partners, visit);
}

absl::Status SaleStore::In(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& days,
                           SalesVisitor visit) const {
  return ForNames(regions, [&](const std::string& in, const mysql::Values& values) {
    mysql::Values bound = values;
    bound.insert(bound.end(), {days.start, days.end});
    return VisitWhere(sql, StrCat("s.region IN ", in, " AND ", kOnTheseDays), bound, visit);
  });
}

absl::Status SaleStore::On(mysql::Transaction& sql, const DateRange& days, SalesVisitor visit) const {
  return VisitWhere(sql, kOnTheseDays, {days.start, days.end}, visit);
}

}  // namespace tributary::conflict
