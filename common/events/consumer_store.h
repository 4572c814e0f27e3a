#pragma once

// The SQL of consuming: who reads which shard, how far it is applied, and what could not be.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"

namespace tributary::events {

// A shard as its owner holds it.
struct HeldShard {
  int shard = 0;
  int64_t seq = 0;           // applied
  int64_t epoch = 0;         // the fence: grows with every owner
  std::string source_epoch;  // the feed's own; empty before the first event
};

// A cursor's step under the fence.
struct Move {
  int shard = 0;
  int64_t epoch = 0;
  int64_t from = 0;
  int64_t to = 0;
};

// One feed as one owner consumes it.
class ConsumerStore {
 public:
  ConsumerStore(std::string feed, std::string owner) : feed_(std::move(feed)), owner_(std::move(owner)) {}

  // The rows of all shards, made where they are missing; forgets owners that are long gone.
  absl::Status Prepare(mysql::Transaction& sql) const;
  // Says that this owner lives for another lease; answers how many do, itself included.
  absl::StatusOr<int> SignIn(mysql::Transaction& sql, absl::Duration lease) const;
  // Prolongs what this owner has.
  absl::Status Renew(mysql::Transaction& sql, absl::Duration lease) const;
  // What the rows say it has.
  absl::StatusOr<std::vector<HeldShard>> Held(mysql::Transaction& sql) const;
  // Shards whose lease has run out or was given back, and those under this owner's name (of its former life).
  absl::StatusOr<std::vector<int>> Claimable(mysql::Transaction& sql) const;
  // Takes one of them, with the next epoch; false where another was quicker.
  absl::StatusOr<bool> Claim(mysql::Transaction& sql, int shard, absl::Duration lease) const;
  // Gives shards back, so that others may have them at once.
  absl::Status Release(mysql::Transaction& sql, absl::Span<const int> shards) const;
  // Signs out and gives everything back.
  absl::Status Leave(mysql::Transaction& sql) const;

  // Moves the cursors (ascending by shard); false where any of them is not as `moves` says: somebody else owns the
  // shard, or has moved it. The transaction must then be rolled back.
  absl::StatusOr<bool> Advance(mysql::Transaction& sql, absl::Span<const Move> moves,
                               const std::string& source_epoch) const;
  absl::Status Park(mysql::Transaction& sql, const Event& event, std::string_view error, absl::Time now) const;

 private:
  const std::string feed_;
  const std::string owner_;
};

// One row of what every feed's consumers have applied.
struct Position {
  std::string feed;
  Cursor cursor;
  std::string source_epoch;
};
absl::StatusOr<std::vector<Position>> ReadPositions(mysql::Transaction& sql);

struct ParkedCount {
  std::string feed;
  int64_t count = 0;
};
absl::StatusOr<std::vector<ParkedCount>> CountParked(mysql::Transaction& sql);

struct ParkedEvent {
  std::string feed;
  Event event;
  std::string error;
  absl::Time parked_at;
};
// In order of feed, shard and number, those behind (feed, cursor).
absl::StatusOr<std::vector<ParkedEvent>> ReadParked(mysql::Transaction& sql, std::string_view feed, Cursor cursor,
                                                    int limit);

}  // namespace tributary::events
