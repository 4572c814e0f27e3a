#include "common/events/feed_store.h"

#include <algorithm>
#include <utility>

#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::events {
namespace {

// Ranges of one statement; few sizes, so that their statements stay prepared.
constexpr size_t kRangeSteps[] = {16, 4, 1};

std::string SelectOf(size_t ranges) {
  std::string text = "SELECT shard, seq, recorded_at, verb, name, type, payload FROM event WHERE ";
  for (size_t i = 0; i < ranges; ++i) {
    StrAppend(&text, i == 0 ? "" : " OR ", "(shard = ? AND seq > ? AND seq <= ?)");
  }
  return text;
}

}  // namespace

absl::StatusOr<Glance> FeedStore::Look(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED), (SELECT uuid FROM feed_epoch WHERE one = 1) "
                "FROM feed"));
  Glance glance;
  glance.sequences = rows.at(0).Int(0);
  if (!rows[0].IsNull(1)) glance.epoch = rows[0].Id(1).ToString();
  return glance;
}

absl::StatusOr<std::string> FeedStore::RenewEpoch(mysql::Transaction& sql, const std::string& stale,
                                                  absl::Time now) const {
  const Uuid fresh = Uuid::New(now);
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO feed_epoch (one, uuid, made_at) VALUES (1, ?, UTC_TIMESTAMP(6)) "
                  "ON DUPLICATE KEY UPDATE one = 1",
                  {fresh}));
  if (!stale.empty()) {
    ASSIGN_OR_RETURN(const Uuid old, Uuid::Parse(stale));
    RETURN_IF_ERROR(sql.Execute("UPDATE feed_epoch SET uuid = ?, made_at = UTC_TIMESTAMP(6) WHERE one = 1 AND uuid = ?",
                                {fresh, old}));
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT uuid FROM feed_epoch WHERE one = 1"));
  return rows.at(0).Id(0).ToString();
}

absl::StatusOr<PerShard> FeedStore::HeadsBehindBarrier(mysql::Transaction& sql) const {
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO feed_barrier (one, passed) VALUES (1, 1) ON DUPLICATE KEY UPDATE passed = passed + 1"));
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT shard, seq FROM feed"));
  PerShard heads{};
  for (const mysql::Row& row : rows) heads[row.Int(0)] = row.Int(1);
  return heads;
}

absl::Status FeedStore::ReadEvents(mysql::Transaction& sql, absl::Span<const ShardRange> ranges,
                                   std::vector<Event>* events) const {
  while (!ranges.empty()) {
    const size_t count = *std::find_if(std::begin(kRangeSteps), std::end(kRangeSteps),
                                       [&](size_t step) { return step <= ranges.size(); });
    mysql::Values values;
    for (const ShardRange& range : ranges.subspan(0, count)) {
      values.insert(values.end(), {range.shard, range.after, range.upto});
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(SelectOf(count), values));
    for (const mysql::Row& row : rows) {
      events->push_back({{static_cast<int>(row.Int(0)), row.Int(1)},
                         row.Instant(2),
                         row.Text(3),
                         row.Text(4),
                         row.Text(5),
                         row.Text(6)});
    }
    ranges.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::StatusOr<PerShard> FeedStore::Purged(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT shard, purged FROM feed WHERE purged > 0"));
  PerShard purged{};
  for (const mysql::Row& row : rows) purged[row.Int(0)] = row.Int(1);
  return purged;
}

absl::StatusOr<int64_t> FeedStore::LastBefore(mysql::Transaction& sql, int shard, absl::Time before) const {
  // Time does not decrease along a shard, so the first event that is too young ends the search.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COALESCE((SELECT MIN(seq) - 1 FROM event WHERE shard = ? AND recorded_at >= ?), "
                             "(SELECT MAX(seq) FROM event WHERE shard = ?), 0)",
                             {shard, before, shard}));
  return rows.at(0).Int(0);
}

absl::Status FeedStore::MarkPurged(mysql::Transaction& sql, int shard, int64_t upto) const {
  return sql.Execute("UPDATE feed SET purged = GREATEST(purged, ?) WHERE shard = ?", {upto, shard}).status();
}

absl::StatusOr<int64_t> FeedStore::DeleteUpto(mysql::Transaction& sql, int shard, int64_t upto, int limit) const {
  return sql.Execute("DELETE FROM event WHERE shard = ? AND seq <= ? ORDER BY seq LIMIT ?", {shard, upto, limit});
}

}  // namespace tributary::events
