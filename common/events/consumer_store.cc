#include "common/events/consumer_store.h"

#include <algorithm>
#include <utility>

#include "common/events/consumer.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::events {
namespace {

// Cursors moved by one statement; few sizes, so that their statements stay prepared, and few enough that each is found
// by its key and no other owner's row is looked at.
constexpr size_t kMoveSteps[] = {16, 4, 1};
constexpr size_t kErrorLimit = 900;  // bytes; the column holds 1,000 characters

std::string MoveOf(size_t moves) {
  std::string text = "UPDATE consumer SET source_epoch = ?, seq = CASE shard";
  for (size_t i = 0; i < moves; ++i) text += " WHEN ? THEN ?";
  text += " ELSE seq END WHERE feed = ? AND (";
  for (size_t i = 0; i < moves; ++i) {
    StrAppend(&text, i == 0 ? "" : " OR ", "(shard = ? AND epoch = ? AND seq = ?)");
  }
  return text + ")";
}

}  // namespace

absl::Status ConsumerStore::Prepare(mysql::Transaction& sql) const {
  mysql::Values rows;
  for (int shard = 0; shard < kShards; ++shard) rows.insert(rows.end(), {feed_, shard});
  RETURN_IF_ERROR(
      sql.InsertRowsAs("INSERT INTO consumer (feed, shard, seq, source_epoch, owner, epoch, lease_until) VALUES",
                       "(?, ?, 0, '', '', 0, '1970-01-01')", 2, rows, "ON DUPLICATE KEY UPDATE shard = VALUES(shard)"));
  return sql
      .Execute("DELETE FROM consumer_owner WHERE feed = ? AND lease_until < UTC_TIMESTAMP(6) - INTERVAL 1 HOUR",
               {feed_})
      .status();
}

absl::StatusOr<int> ConsumerStore::SignIn(mysql::Transaction& sql, absl::Duration lease) const {
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO consumer_owner (feed, owner, lease_until) "
                  "VALUES (?, ?, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND) "
                  "ON DUPLICATE KEY UPDATE lease_until = VALUES(lease_until)",
                  {feed_, owner_, absl::ToInt64Microseconds(lease)}));
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT COUNT(*) FROM consumer_owner WHERE feed = ? AND (lease_until > UTC_TIMESTAMP(6) OR owner = ?)",
                {feed_, owner_}));
  return static_cast<int>(rows.at(0).Int(0));
}

absl::Status ConsumerStore::Renew(mysql::Transaction& sql, absl::Duration lease) const {
  return sql
      .Execute(
          "UPDATE consumer SET lease_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND WHERE feed = ? AND owner = ?",
          {absl::ToInt64Microseconds(lease), feed_, owner_})
      .status();
}

absl::StatusOr<std::vector<HeldShard>> ConsumerStore::Held(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT shard, seq, epoch, source_epoch FROM consumer WHERE feed = ? AND owner = ? ORDER BY shard",
                {feed_, owner_}));
  std::vector<HeldShard> held;
  for (const mysql::Row& row : rows) {
    held.push_back({static_cast<int>(row.Int(0)), row.Int(1), row.Int(2), row.Text(3)});
  }
  return held;
}

absl::StatusOr<std::vector<int>> ConsumerStore::Claimable(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT shard FROM consumer WHERE feed = ? AND "
                                                     "(lease_until < UTC_TIMESTAMP(6) OR owner = ?) ORDER BY shard",
                                                     {feed_, owner_}));
  std::vector<int> shards;
  for (const mysql::Row& row : rows) shards.push_back(static_cast<int>(row.Int(0)));
  return shards;
}

absl::StatusOr<bool> ConsumerStore::Claim(mysql::Transaction& sql, int shard, absl::Duration lease) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE consumer SET owner = ?, epoch = epoch + 1, "
                               "lease_until = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND "
                               "WHERE feed = ? AND shard = ? AND (lease_until < UTC_TIMESTAMP(6) OR owner = ?)",
                               {owner_, absl::ToInt64Microseconds(lease), feed_, shard, owner_}));
  return matched == 1;
}

absl::Status ConsumerStore::Release(mysql::Transaction& sql, absl::Span<const int> shards) const {
  for (const int shard : shards) {
    RETURN_IF_ERROR(sql.Execute(
        "UPDATE consumer SET owner = '', lease_until = '1970-01-01' WHERE feed = ? AND shard = ? AND owner = ?",
        {feed_, shard, owner_}));
  }
  return absl::OkStatus();
}

absl::Status ConsumerStore::Leave(mysql::Transaction& sql) const {
  RETURN_IF_ERROR(sql.Execute("UPDATE consumer SET owner = '', lease_until = '1970-01-01' WHERE feed = ? AND owner = ?",
                              {feed_, owner_}));
  return sql.Execute("DELETE FROM consumer_owner WHERE feed = ? AND owner = ?", {feed_, owner_}).status();
}

absl::StatusOr<bool> ConsumerStore::Advance(mysql::Transaction& sql, absl::Span<const Move> moves,
                                            const std::string& source_epoch) const {
  while (!moves.empty()) {
    const size_t count =
        *std::find_if(std::begin(kMoveSteps), std::end(kMoveSteps), [&](size_t step) { return step <= moves.size(); });
    const absl::Span<const Move> some = moves.subspan(0, count);
    mysql::Values values{source_epoch};
    for (const Move& move : some) values.insert(values.end(), {move.shard, move.to});
    values.emplace_back(feed_);
    for (const Move& move : some) values.insert(values.end(), {move.shard, move.epoch, move.from});
    ASSIGN_OR_RETURN(const int64_t matched, sql.Execute(MoveOf(count), values));
    if (matched != static_cast<int64_t>(count)) return false;
    moves.remove_prefix(count);
  }
  return true;
}

absl::Status ConsumerStore::Park(mysql::Transaction& sql, const Event& event, std::string_view error,
                                 absl::Time now) const {
  const std::string text = Printable(error, kErrorLimit);
  return sql
      .Execute(
          "INSERT INTO parked_event (feed, shard, seq, recorded_at, verb, name, type, payload, error, parked_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON DUPLICATE KEY UPDATE error = VALUES(error), parked_at = VALUES(parked_at)",
          {feed_, event.cursor.shard, event.cursor.seq, event.recorded_at, event.verb, event.name, event.type,
           event.payload, text, now})
      .status();
}

absl::StatusOr<std::vector<Position>> ReadPositions(mysql::Transaction& sql) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT feed, shard, seq, source_epoch FROM consumer ORDER BY feed, shard"));
  std::vector<Position> positions;
  for (const mysql::Row& row : rows) {
    positions.push_back({row.Text(0), {static_cast<int>(row.Int(1)), row.Int(2)}, row.Text(3)});
  }
  return positions;
}

absl::StatusOr<std::vector<ParkedCount>> CountParked(mysql::Transaction& sql) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT feed, COUNT(*) FROM parked_event GROUP BY feed ORDER BY feed"));
  std::vector<ParkedCount> counts;
  for (const mysql::Row& row : rows) counts.push_back({row.Text(0), row.Int(1)});
  return counts;
}

absl::StatusOr<std::vector<ParkedEvent>> ReadParked(mysql::Transaction& sql, std::string_view feed, Cursor cursor,
                                                    int limit) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT feed, shard, seq, recorded_at, verb, name, type, payload, error, parked_at FROM parked_event "
                "WHERE feed > ? OR (feed = ? AND (shard > ? OR (shard = ? AND seq > ?))) "
                "ORDER BY feed, shard, seq LIMIT ?",
                {feed, feed, cursor.shard, cursor.shard, cursor.seq, limit}));
  std::vector<ParkedEvent> parked;
  for (const mysql::Row& row : rows) {
    parked.push_back({row.Text(0),
                      {{static_cast<int>(row.Int(1)), row.Int(2)},
                       row.Instant(3),
                       row.Text(4),
                       row.Text(5),
                       row.Text(6),
                       row.Text(7)},
                      row.Text(8),
                      row.Instant(9)});
  }
  return parked;
}

absl::StatusOr<std::vector<Cursor>> AppliedCursors(mysql::Transaction& sql, const std::string& feed) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT shard, seq FROM consumer WHERE feed = ?", {feed}));
  std::vector<Cursor> cursors(kShards);
  for (int shard = 0; shard < kShards; ++shard) cursors[shard].shard = shard;
  for (const mysql::Row& row : rows) cursors[row.Int(0)].seq = row.Int(1);
  return cursors;
}

}  // namespace tributary::events
