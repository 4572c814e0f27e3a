#pragma once

// The writing side of the feed: 64 shards, a sequence each. A transaction takes its business locks first; Write is its
// last step before COMMIT, for it holds the lock of every shard it writes to until then.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"

namespace google::protobuf {
class Message;
}

namespace tributary::events {

inline constexpr int kShards = 64;

// The shard of a partner's id, or of a resource's name where there is no partner; the same for ever.
int ShardOf(std::string_view key);

struct Cursor {
  int shard = 0;
  int64_t seq = 0;
  friend auto operator<=>(const Cursor&, const Cursor&) = default;
};

// Where a row or event was put, and when.
struct Stamp {
  Cursor cursor;
  absl::Time recorded_at;  // does not decrease within a shard
};

// An event whose payload is the resource or fact as it is after the change.
struct EventDraft {
  std::string key;      // partner id, or resource name: decides the shard
  std::string verb;     // "created", "activated", "recorded"
  std::string name;     // resource name
  std::string type;     // full message name of the payload
  std::string payload;  // its bytes
};
EventDraft Draft(std::string_view key, std::string_view verb, std::string_view name,
                 const google::protobuf::Message& payload);

// Rows that carry (shard, seq) themselves and so are their own events (facts, ledgers).
struct RowBatch {
  std::string noun;         // what a row is, as metrics call it: "shipment_line"
  std::string verb;         // "recorded"
  std::vector<int> shards;  // one a row
  // Inserts the rows; stamps[i] belongs to row i. Runs under the sequence lock: keep it to INSERTs.
  std::function<absl::Status(mysql::Transaction&, absl::Span<const Stamp> stamps)> write;
};

// How many events of one sort a transaction tells.
struct Told {
  std::string noun;  // of the payload's type, or of the rows: "application"
  std::string verb;  // "approved"
  int64_t events = 0;
};

// What one transaction tells.
class Outbox {
 public:
  void Add(EventDraft event) { events_.push_back(std::move(event)); }
  void AddRows(RowBatch rows) { rows_.push_back(std::move(rows)); }
  // What another has collected, behind what this one has.
  void Append(Outbox other);
  bool empty() const { return events_.empty() && rows_.empty(); }
  // In the order of nouns and verbs.
  std::vector<Told> Count() const;
  // Takes the sequence numbers (shards ascending), then inserts event rows and ledger rows. Within a shard the events
  // come before the rows, each in the order in which they were added.
  absl::Status Write(mysql::Transaction& sql) const;

 private:
  std::vector<EventDraft> events_;
  std::vector<RowBatch> rows_;
};

// Makes known time `at` final: whatever is written after this transaction's COMMIT has recorded_at > at, so that what
// was known at `at` can be read and will read the same for ever. Takes the lock of every shard: the only write of its
// transaction. FAILED_PRECONDITION where `at` lies in the database's future.
absl::Status SettleKnownTime(mysql::Transaction& sql, absl::Time at);

}  // namespace tributary::events
