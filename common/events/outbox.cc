#include "common/events/outbox.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/protobuf/message.h"

namespace tributary::events {
namespace {

struct Head {
  int64_t seq = 0;
  absl::Time at;
};
using PerShard = std::array<int64_t, kShards>;

// Adds `counts` to the sequences and answers the last number taken of each shard. One statement takes the locks in the
// order of its rows; a missing shard is made by it. VALUES(at) is the moment at which the statement began, which a wait
// for the lock may put before what another transaction wrote meanwhile: hence GREATEST. So that it is one statement and
// stays prepared, the last shard, given nothing more, stands in the places up to the next number of rows that
// InsertRows sends at once.
absl::StatusOr<std::array<Head, kShards>> Take(mysql::Transaction& sql, const PerShard& counts) {
  mysql::Values rows;
  int first = kShards;
  int last = 0;
  for (int shard = 0; shard < kShards; ++shard) {
    if (counts[shard] == 0) continue;
    rows.insert(rows.end(), {shard, counts[shard]});
    first = std::min(first, shard);
    last = shard;
  }
  size_t places = 1;
  while (places < rows.size() / 2) places *= 4;
  while (rows.size() / 2 < places) rows.insert(rows.end(), {last, 0});
  RETURN_IF_ERROR(sql.InsertRowsAs("INSERT INTO feed (shard, seq, at) VALUES", "(?, ?, UTC_TIMESTAMP(6))", 2, rows,
                                   "ON DUPLICATE KEY UPDATE seq = seq + VALUES(seq), at = GREATEST(at, VALUES(at))"));
  std::array<Head, kShards> heads;
  absl::StatusOr<mysql::Rows> read =
      first == last ? sql.Query("SELECT shard, seq, at FROM feed WHERE shard = ?", {first})
                    : sql.Query("SELECT shard, seq, at FROM feed WHERE shard BETWEEN ? AND ?", {first, last});
  RETURN_IF_ERROR(read);
  for (const mysql::Row& row : *read) heads[row.Int(0)] = {row.Int(1), row.Instant(2)};
  return heads;
}

// "tributary.inventory.v1.ShipmentLine" -> "shipment_line".
std::string NounOf(std::string_view type) {
  std::string noun;
  for (const char c : type.substr(type.rfind('.') + 1)) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !noun.empty()) noun += '_';
    noun += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return noun;
}

}  // namespace

int ShardOf(std::string_view key) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a, 64 bits
  for (const char c : key) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  return static_cast<int>(hash % kShards);
}

EventDraft Draft(std::string_view key, std::string_view verb, std::string_view name,
                 const google::protobuf::Message& payload) {
  return {std::string(key), std::string(verb), std::string(name), payload.GetDescriptor()->full_name(),
          payload.SerializeAsString()};
}

void Outbox::Append(Outbox other) {
  std::move(other.events_.begin(), other.events_.end(), std::back_inserter(events_));
  std::move(other.rows_.begin(), other.rows_.end(), std::back_inserter(rows_));
}

std::vector<Told> Outbox::Count() const {
  std::map<std::pair<std::string, std::string>, int64_t> counts;
  for (const EventDraft& event : events_) ++counts[{NounOf(event.type), event.verb}];
  for (const RowBatch& batch : rows_) {
    if (!batch.shards.empty()) counts[{batch.noun, batch.verb}] += static_cast<int64_t>(batch.shards.size());
  }
  std::vector<Told> told;
  told.reserve(counts.size());
  for (const auto& [sort, events] : counts) told.push_back({sort.first, sort.second, events});
  return told;
}

absl::Status Outbox::Write(mysql::Transaction& sql) const {
  PerShard counts{};
  std::vector<int> event_shards;
  event_shards.reserve(events_.size());
  for (const EventDraft& event : events_) {
    event_shards.push_back(ShardOf(event.key));
    ++counts[event_shards.back()];
  }
  size_t total = events_.size();
  for (const RowBatch& batch : rows_) {
    for (const int shard : batch.shards) {
      if (shard < 0 || shard >= kShards) {
        return Error(Reason::kInternal, StrCat("row for shard ", shard, ": want 0 to ", kShards - 1));
      }
      ++counts[shard];
    }
    total += batch.shards.size();
  }
  if (total == 0) return absl::OkStatus();

  ASSIGN_OR_RETURN(const auto heads, Take(sql, counts));
  PerShard next;
  for (int shard = 0; shard < kShards; ++shard) next[shard] = heads[shard].seq - counts[shard] + 1;
  const auto stamp = [&](int shard) { return Stamp{{shard, next[shard]++}, heads[shard].at}; };

  if (!events_.empty()) {
    mysql::Values values;
    values.reserve(events_.size() * 7);
    for (size_t i = 0; i < events_.size(); ++i) {
      const EventDraft& event = events_[i];
      const Stamp at = stamp(event_shards[i]);
      values.insert(values.end(), {at.cursor.shard, at.cursor.seq, at.recorded_at, event.verb, event.name, event.type,
                                   event.payload});
    }
    RETURN_IF_ERROR(
        sql.InsertRows("INSERT INTO event (shard, seq, recorded_at, verb, name, type, payload) VALUES", 7, values));
  }
  for (const RowBatch& batch : rows_) {
    if (batch.shards.empty()) continue;
    std::vector<Stamp> stamps;
    stamps.reserve(batch.shards.size());
    for (const int shard : batch.shards) stamps.push_back(stamp(shard));
    RETURN_IF_ERROR(batch.write(sql, stamps));
  }
  return absl::OkStatus();
}

absl::Status SettleKnownTime(mysql::Transaction& sql, absl::Time at) {
  const absl::Time later = at + absl::Microseconds(1);
  mysql::Values rows;
  for (int shard = 0; shard < kShards; ++shard) rows.insert(rows.end(), {shard, later});
  RETURN_IF_ERROR(sql.InsertRowsAs("INSERT INTO feed (shard, seq, at) VALUES", "(?, 0, ?)", 2, rows,
                                   "ON DUPLICATE KEY UPDATE at = GREATEST(at, VALUES(at))"));
  ASSIGN_OR_RETURN(const mysql::Rows now, sql.Query("SELECT UTC_TIMESTAMP(6)"));
  if (now.at(0).Instant(0) < later) {
    return Error(Reason::kStateConflict,
                 StrCat("known time ", absl::FormatTime(at, absl::UTCTimeZone()), " is not over: the database has ",
                        absl::FormatTime(now.at(0).Instant(0), absl::UTCTimeZone())));
  }
  return absl::OkStatus();
}

}  // namespace tributary::events
