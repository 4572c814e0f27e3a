#pragma once

// Follows the own feed within a moment: for what is derived from facts outside the transactions that take them in, so
// that those stay fast.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::events {

struct FeedWatchOptions {
  std::string name;                // for the log: "stock findings"
  std::string cursor_table;        // (shard, seq), its own
  std::vector<std::string> types;  // full message names of the payloads to be read; rows are read by their ranges
};

// One thread. Any number of processes may watch: each step moves a shard's cursor and makes its effects in one
// transaction, and who comes second finds the cursor moved and makes none. What fails is tried again, with growing
// pauses, for a cursor that is passed over would leave an effect out; the other shards go on meanwhile.
class FeedWatch {
 public:
  // The effects of a range of a shard, and of its events of the types, in the transaction that moves the cursor over
  // it. May run again.
  using Apply = std::function<absl::Status(mysql::Transaction&, const ShardRange&, absl::Span<const Event>, Outbox&)>;

  // All outlive it. `committed` is called when something was told to the feed.
  FeedWatch(mysql::Database& database, Feed& feed, FeedWatchOptions options, Apply apply,
            std::function<void()> committed);
  // Stops.
  ~FeedWatch();
  // After the feed has started.
  void Start();
  // Before the feed stops.
  void Stop();
  // Looks at all that the feed has up to now; for tests, and safe beside the thread.
  absl::Status CatchUp();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::events
