#pragma once

// The SQL of the reading side: heads, barrier, epoch, event rows, purge.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::events {

using PerShard = std::array<int64_t, kShards>;

// What one cheap look tells: whether there is anything to look at.
struct Glance {
  std::string epoch;      // empty where there is none
  int64_t sequences = 0;  // sum of the heads
};

class FeedStore {
 public:
  absl::StatusOr<Glance> Look(mysql::Transaction& sql) const;
  // The epoch as it is afterwards: made where there was none, replaced where it was `stale` (pass empty for never).
  // Several processes may call this at once; all get the same.
  absl::StatusOr<std::string> RenewEpoch(mysql::Transaction& sql, const std::string& stale, absl::Time now) const;
  // Changes the barrier row, then reads the heads: when the transaction has committed, they are durable.
  absl::StatusOr<PerShard> HeadsBehindBarrier(mysql::Transaction& sql) const;
  // The event rows in the ranges, in any order.
  absl::Status ReadEvents(mysql::Transaction& sql, absl::Span<const ShardRange> ranges,
                          std::vector<Event>* events) const;
  // What has been purged of each shard. Marked before it is deleted: read it after the events to know that none of them
  // was missing.
  absl::StatusOr<PerShard> Purged(mysql::Transaction& sql) const;

  // The last event of the shard recorded before `before`; 0 where there is none.
  absl::StatusOr<int64_t> LastBefore(mysql::Transaction& sql, int shard, absl::Time before) const;
  absl::Status MarkPurged(mysql::Transaction& sql, int shard, int64_t upto) const;
  // At most `limit` rows; answers how many.
  absl::StatusOr<int64_t> DeleteUpto(mysql::Transaction& sql, int shard, int64_t upto, int limit) const;
};

}  // namespace tributary::events
