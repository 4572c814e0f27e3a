#include "inventory-service/lots/lot_store.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns = "product, id, uid, version, create_time, update_time, expires_on";

Lot Read(const mysql::Row& row) {
  Lot lot{.product = row.Text(0),
          .id = row.Text(1),
          .uid = row.Id(2),
          .version = row.Int(3),
          .create_time = row.Instant(4),
          .update_time = row.Instant(5)};
  if (!row.IsNull(6)) lot.expires_on = row.Day(6);
  return lot;
}

absl::StatusOr<Lot> GetOne(mysql::Transaction& sql, std::string_view product, std::string_view id,
                           std::string_view lock) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM lot WHERE product = ? AND id = ?", lock), {product, id}));
  if (rows.empty()) return NotFound(LotName(product, id));
  return Read(rows.front());
}

}  // namespace

const std::vector<FilterField>& LotStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{FilterField::Day("expires_on", "expires_on")};
  return fields;
}

absl::Status LotStore::Insert(mysql::Transaction& sql, const Lot& lot) const {
  ASSIGN_OR_RETURN(const bool fresh,
                   sql.TryInsert(StrCat("INSERT INTO lot (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?)"),
                                 {lot.product, lot.id, lot.uid, lot.version, lot.create_time, lot.update_time,
                                  mysql::Value(lot.expires_on)}));
  return fresh ? absl::OkStatus() : AlreadyExists(lot.name());
}

absl::Status LotStore::Update(mysql::Transaction& sql, const Lot& lot) const {
  return sql
      .Execute("UPDATE lot SET version = ?, update_time = ?, expires_on = ? WHERE product = ? AND id = ?",
               {lot.version, lot.update_time, mysql::Value(lot.expires_on), lot.product, lot.id})
      .status();
}

absl::StatusOr<Lot> LotStore::Get(mysql::Transaction& sql, std::string_view product, std::string_view id) const {
  return GetOne(sql, product, id, "");
}

absl::StatusOr<Lot> LotStore::GetForUpdate(mysql::Transaction& sql, std::string_view product,
                                           std::string_view id) const {
  return GetOne(sql, product, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Lot>> LotStore::List(mysql::Transaction& sql, std::string_view product,
                                                std::string_view after_product, std::string_view after_id,
                                                const SqlPredicate& filter, int limit) const {
  mysql::Values values = {after_product, after_product, after_id};
  std::string where = "WHERE (product > ? OR (product = ? AND id > ?))";
  if (!product.empty()) {
    where += " AND product = ?";
    values.push_back(product);
  }
  StrAppend(&where, " AND (", filter.sql(), ")");
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM lot ", where, " ORDER BY product, id LIMIT ?"), values));
  std::vector<Lot> lots;
  for (const mysql::Row& row : rows) lots.push_back(Read(row));
  return lots;
}

absl::StatusOr<std::map<LotKey, Date>> LotStore::Expiries(mysql::Transaction& sql, const std::set<LotKey>& lots) const {
  std::map<LotKey, Date> expiries;
  for (const auto& [product, id] : lots) {
    if (id.empty()) continue;
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT expires_on FROM lot WHERE product = ? AND id = ?", {product, id}));
    if (!rows.empty() && !rows.front().IsNull(0)) expiries.emplace(LotKey(product, id), rows.front().Day(0));
  }
  return expiries;
}

absl::StatusOr<std::vector<ExpiringStock>> LotStore::ListExpiring(mysql::Transaction& sql, std::string_view partner,
                                                                  Date until, const PositionKey& after,
                                                                  int limit) const {
  mysql::Values values = {until,      after.partner, after.partner, after.site,
                          after.site, after.product, after.product, after.lot};
  std::string units;
  for (const Bucket bucket : kBuckets) {
    StrAppend(&units, ", SUM(CASE p.bucket WHEN ", static_cast<int>(bucket), " THEN p.quantity ELSE 0 END)");
  }
  std::string where =
      " WHERE l.expires_on <= ? AND (p.partner > ? OR (p.partner = ? AND (p.site > ? OR (p.site = ? AND "
      "(p.product > ? OR (p.product = ? AND p.lot > ?))))))";
  if (!partner.empty()) {
    where += " AND p.partner = ?";
    values.push_back(partner);
  }
  values.push_back(limit);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT p.partner, p.site, p.product, p.lot, MAX(p.update_time), l.expires_on", units,
                       " FROM stock_position p JOIN lot l ON l.product = p.product AND l.id = p.lot", where,
                       " GROUP BY p.partner, p.site, p.product, p.lot, l.expires_on HAVING SUM(p.quantity) <> 0 "
                       "ORDER BY p.partner, p.site, p.product, p.lot LIMIT ?"),
                values));
  std::vector<ExpiringStock> stock;
  for (const mysql::Row& row : rows) {
    ExpiringStock& next = stock.emplace_back();
    next.position.key = {row.Text(0), row.Text(1), row.Text(2), row.Text(3)};
    next.position.update_time = row.Instant(4);
    next.expires_on = row.Day(5);
    size_t column = 6;
    for (const Bucket bucket : kBuckets) next.position.units.emplace(bucket, row.Dec(column++));
  }
  return stock;
}

}  // namespace tributary::inventory
