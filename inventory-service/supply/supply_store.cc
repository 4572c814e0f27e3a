#include "inventory-service/supply/supply_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/products/kit.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns = "id, product, available_date, quantity, note, create_time";

Supply Read(const mysql::Row& row) {
  return {.id = row.Text(0),
          .product = row.Text(1),
          .available_date = row.Day(2),
          .quantity = row.Dec(3),
          .note = row.Text(4),
          .create_time = row.Instant(5)};
}

absl::StatusOr<std::map<Date, Decimal>> SumsByDay(mysql::Transaction& sql, std::string_view select,
                                                  std::string_view product) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(select, {product}));
  std::map<Date, Decimal> sums;
  for (const mysql::Row& row : rows) sums[row.Day(0)] = row.Dec(1);
  return sums;
}

}  // namespace

const std::vector<FilterField>& SupplyStore::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("product", "CONCAT('products/', product)"),
                                    FilterField::Day("available_date", "available_date")};
  return fields;
}

absl::Status SupplyStore::Lock(mysql::Transaction& sql, const std::set<std::string>& products) const {
  for (const std::string& product : products) {
    RETURN_IF_ERROR(sql.Query("SELECT id FROM product WHERE id = ? FOR UPDATE", {product}));
  }
  return absl::OkStatus();
}

absl::StatusOr<SupplyBook> SupplyStore::BookOf(mysql::Transaction& sql, std::string_view product) const {
  SupplyBook book;
  ASSIGN_OR_RETURN(book.supplied, SumsByDay(sql,
                                            "SELECT available_date, SUM(quantity) FROM supply WHERE product = ? "
                                            "GROUP BY available_date",
                                            product));
  ASSIGN_OR_RETURN(book.promised, SumsByDay(sql,
                                            "SELECT promise_date, SUM(quantity) FROM supply_promise WHERE product = ? "
                                            "GROUP BY promise_date",
                                            product));
  return book;
}

absl::StatusOr<Decimal> SupplyStore::ShippedOf(mysql::Transaction& sql, std::string_view product) const {
  // Reversals are negative, so the sum need not leave anything out.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COALESCE(SUM(s.quantity), 0) FROM (SELECT DISTINCT partner, order_id FROM "
                             "supply_promise WHERE product = ?) p JOIN shipment_line s ON s.partner = p.partner AND "
                             "s.order_id = p.order_id AND s.product = ?",
                             {product, product}));
  Decimal shipped = rows.front().Dec(0);
  // And as a part of kits.
  ASSIGN_OR_RETURN(const mysql::Rows kits,
                   sql.Query("SELECT s.parts FROM (SELECT DISTINCT partner, order_id FROM supply_promise WHERE "
                             "product = ?) p JOIN shipment_line s ON s.partner = p.partner AND "
                             "s.order_id = p.order_id AND s.parts IS NOT NULL",
                             {product}));
  for (const mysql::Row& row : kits) {
    for (const KitPart& part : PartsFromText(row.Bytes(0))) {
      if (part.product == product) shipped += part.quantity;
    }
  }
  return shipped;
}

absl::StatusOr<Supply> SupplyStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM supply WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("supplies/", id));
  return Read(rows.front());
}

absl::StatusOr<std::vector<Supply>> SupplyStore::List(mysql::Transaction& sql, std::string_view after,
                                                      const SqlPredicate& filter, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM supply WHERE id > ? AND (",
                                                            filter.sql(), ") ORDER BY id LIMIT ?"),
                                                     values));
  std::vector<Supply> supplies;
  for (const mysql::Row& row : rows) supplies.push_back(Read(row));
  return supplies;
}

absl::Status SupplyStore::Insert(mysql::Transaction& sql, const Supply& supply) const {
  ASSIGN_OR_RETURN(const bool fresh,
                   sql.TryInsert(StrCat("INSERT INTO supply (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?)"),
                                 {supply.id, supply.product, supply.available_date, supply.quantity, supply.note,
                                  supply.create_time}));
  return fresh ? absl::OkStatus() : AlreadyExists(supply.name());
}

absl::StatusOr<std::vector<Promise>> SupplyStore::PromisesOf(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view order,
                                                             const std::set<std::string>& products) const {
  std::vector<Promise> promises;
  for (const std::string& product : products) {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT order_line, promise_date, quantity FROM supply_promise WHERE product = ? AND "
                               "partner = ? AND order_id = ? ORDER BY order_line, promise_date",
                               {product, partner, order}));
    for (const mysql::Row& row : rows) {
      promises.push_back(
          {product, std::string(partner), std::string(order), static_cast<int>(row.Int(0)), row.Day(1), row.Dec(2)});
    }
  }
  return promises;
}

absl::StatusOr<std::set<std::string>> SupplyStore::PromisedTo(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view order) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT DISTINCT product FROM supply_promise WHERE partner = ? AND order_id = ?", {partner, order}));
  std::set<std::string> products;
  for (const mysql::Row& row : rows) products.insert(row.Text(0));
  return products;
}

absl::Status SupplyStore::AddPromises(mysql::Transaction& sql, const std::vector<Promise>& promises) const {
  for (const Promise& one : promises) {
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO supply_promise (product, partner, order_id, order_line, promise_date, "
                    "quantity) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)",
                    {one.product, one.partner, one.order, one.line, one.date, one.quantity}));
  }
  return absl::OkStatus();
}

absl::Status SupplyStore::SetPromises(mysql::Transaction& sql, const std::vector<Promise>& promises) const {
  for (const Promise& one : promises) {
    const mysql::Values key = {one.product, one.partner, one.order, one.line, one.date};
    if (one.quantity.zero()) {
      RETURN_IF_ERROR(
          sql.Execute("DELETE FROM supply_promise WHERE product = ? AND partner = ? AND order_id = ? AND "
                      "order_line = ? AND promise_date = ?",
                      key));
      continue;
    }
    mysql::Values values = {one.quantity};
    values.insert(values.end(), key.begin(), key.end());
    RETURN_IF_ERROR(
        sql.Execute("UPDATE supply_promise SET quantity = ? WHERE product = ? AND partner = ? AND "
                    "order_id = ? AND order_line = ? AND promise_date = ?",
                    values));
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
