#include "inventory-service/serials/serial_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<std::vector<SerialMove>> Select(mysql::Transaction& sql, std::string_view where,
                                               const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT product, serial, partner, lot, from_place, to_place, is_back, "
                                    "effective_date, cause, n, recorded_at FROM serial_posting ",
                                    where),
                             values));
  std::vector<SerialMove> moves;
  for (const mysql::Row& row : rows) {
    moves.push_back({.product = row.Text(0),
                     .serial = row.Text(1),
                     .partner = row.Text(2),
                     .lot = row.Text(3),
                     .from = row.Text(4),
                     .to = row.Text(5),
                     .is_back = row.Bool(6),
                     .date = row.Day(7),
                     .cause = row.Text(8),
                     .n = static_cast<int>(row.Int(9)),
                     .recorded_at = row.Instant(10)});
  }
  return moves;
}

}  // namespace

absl::StatusOr<std::vector<SerialMove>> SerialStore::MovesOf(mysql::Transaction& sql, std::string_view product,
                                                             std::string_view serial) const {
  return Select(sql, "WHERE product = ? AND serial = ?", {product, serial});
}

absl::StatusOr<std::vector<std::string>> SerialStore::ListSerials(mysql::Transaction& sql, std::string_view product,
                                                                  std::string_view after, const SqlPredicate& filter,
                                                                  int limit) const {
  mysql::Values values = {product, after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT DISTINCT u.serial FROM serial_posting u LEFT JOIN serial_pack k ON "
                                    "k.product = u.product AND k.serial = u.serial WHERE u.product = ? AND "
                                    "u.serial > ? AND (",
                                    filter.sql(), ") ORDER BY u.serial LIMIT ?"),
                             values));
  std::vector<std::string> serials;
  for (const mysql::Row& row : rows) serials.push_back(row.Text(0));
  return serials;
}

absl::StatusOr<std::vector<SerialMove>> SerialStore::MovesIn(mysql::Transaction& sql,
                                                             const events::ShardRange& range) const {
  return Select(sql, "WHERE shard = ? AND seq > ? AND seq <= ?", {range.shard, range.after, range.upto});
}

absl::StatusOr<SerialPack> SerialStore::PackOf(mysql::Transaction& sql, std::string_view product,
                                               std::string_view serial) const {
  ASSIGN_OR_RETURN(auto packs, PacksOf(sql, product, {std::string(serial)}));
  if (!packs.empty()) return std::move(packs.begin()->second);
  return SerialPack{.product = std::string(product), .serial = std::string(serial)};
}

absl::StatusOr<std::map<std::string, SerialPack>> SerialStore::PacksOf(mysql::Transaction& sql,
                                                                       std::string_view product,
                                                                       const std::vector<std::string>& serials) const {
  std::map<std::string, SerialPack> packs;
  if (serials.empty()) return packs;
  mysql::Values values = {product};
  const std::string list = InList({serials.begin(), serials.end()}, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT serial, version, update_time, parent_pack FROM serial_pack "
                                    "WHERE product = ? AND serial IN ",
                                    list),
                             values));
  for (const mysql::Row& row : rows) {
    packs.emplace(row.Text(0), SerialPack{.product = std::string(product),
                                          .serial = row.Text(0),
                                          .version = row.Int(1),
                                          .update_time = row.Instant(2),
                                          .parent_pack = row.Text(3)});
  }
  return packs;
}

absl::Status SerialStore::PutPack(mysql::Transaction& sql, const SerialPack& pack) const {
  return sql
      .Execute(
          "INSERT INTO serial_pack (product, serial, version, update_time, parent_pack) VALUES (?, ?, ?, ?, ?) "
          "ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), "
          "parent_pack = VALUES(parent_pack)",
          {pack.product, pack.serial, pack.version, pack.update_time, pack.parent_pack})
      .status();
}

const std::vector<FilterField>& SerialStore::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("parent_pack", "COALESCE(k.parent_pack, '')")};
  return fields;
}

}  // namespace tributary::inventory
