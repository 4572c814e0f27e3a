#pragma once

// The reading side of a service's own feed: who reads gets only what is durable, in order within each shard.

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/outbox.h"

namespace prometheus {
class Registry;
}
namespace tributary::rpc {
class Server;
}

namespace tributary::events {

// An event as read.
struct Event {
  Cursor cursor;
  absl::Time recorded_at;
  std::string verb;
  std::string name;
  std::string type;     // full message name
  std::string payload;  // bytes of that message
};

// (after, upto] of one shard.
struct ShardRange {
  int shard;
  int64_t after;
  int64_t upto;
};

// A table whose rows are events. `read` appends the rows in the ranges, in any order; rows of all sources together fill
// the sequence. `type` is the payload's full message name.
struct RowSource {
  std::string type;
  std::function<absl::Status(mysql::Transaction&, absl::Span<const ShardRange>, std::vector<Event>*)> read;
};

// A process's view of its own service's feed: one thread watches the heads and makes them durable (a barrier row is
// committed between seeing a head and telling it); streams and local followers read from the database up to there.
// Thread-safe.
//
// Errors: FEED_CURSOR_EXPIRED where the events asked for have been purged; INTERNAL where a sequence number below the
// head belongs to no event, which is a bug of a writer or a reader of rows, never passed over.
class Feed {
 public:
  Feed(mysql::Database& database, std::vector<RowSource> sources, prometheus::Registry* registry);
  ~Feed();

  // Reads or makes the feed's epoch and starts the watch.
  absl::Status Start();
  // Ends the watch, the followers and everybody's waiting.
  void Stop();
  bool stopped() const;

  // Another one than before where the database was restored to an earlier state.
  const std::string& epoch() const;
  // Durable head of every shard (index = shard), as last seen.
  std::vector<int64_t> Heads() const;
  // Looks now: afterwards Heads() has every commit that came before the call, whichever process made it.
  absl::Status Refresh();
  // Tells the watch that this process has just committed something, so that it need not find out by itself. Cheap.
  void Poke();
  // Waits until some shard's durable head is beyond `seen` (fill what is not of interest with INT64_MAX); false at the
  // deadline, when stopped (the feed, or who waits by `stop`), or when the epoch changes.
  bool WaitBeyond(const std::vector<int64_t>& seen, absl::Time deadline, const std::stop_token& stop = {});
  // Waits until then, whatever happens, but for such a stop.
  void Rest(absl::Time until, const std::stop_token& stop = {});
  // Events in the ranges, in order within each shard; at most `limit`: ranges cut short say so in `read_to` (the last
  // seq read of each range, in the order of the ranges). With `types` the events of other payloads are left out; they
  // still count against the limit.
  absl::Status Read(absl::Span<const ShardRange> ranges, int limit, std::vector<Event>* events,
                    std::vector<Cursor>* read_to, absl::Span<const std::string> types = {});
  // Calls `follow` on a thread of this feed with every event of the given types from the beginning on, then live; for
  // indexes in memory. Returns when it has reached the head of the moment.
  absl::Status Follow(std::vector<std::string> types, std::function<void(const Event&)> follow);
  // Deletes events (not rows that are events themselves) recorded before `before`, and says so to those who ask for
  // them.
  absl::Status Purge(absl::Time before);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::events
