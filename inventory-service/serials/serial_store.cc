#include "inventory-service/serials/serial_store.h"

#include "common/status/status.h"
#include "common/text/text.h"

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
                                                                  std::string_view after, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT DISTINCT serial FROM serial_posting WHERE product = ? AND serial > ? "
                             "ORDER BY serial LIMIT ?",
                             {product, after, limit}));
  std::vector<std::string> serials;
  for (const mysql::Row& row : rows) serials.push_back(row.Text(0));
  return serials;
}

absl::StatusOr<std::vector<SerialMove>> SerialStore::MovesIn(mysql::Transaction& sql,
                                                             const events::ShardRange& range) const {
  return Select(sql, "WHERE shard = ? AND seq > ? AND seq <= ?", {range.shard, range.after, range.upto});
}

}  // namespace tributary::inventory
