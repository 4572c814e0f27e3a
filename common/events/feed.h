#pragma once

// The reading side of a service's own feed.

#include <functional>
#include <map>
#include <memory>
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

// A table whose rows are events. `read` appends the rows in the ranges, in any order; rows of all sources together fill the sequence.
// `type` is the payload's full message name.
struct RowSource {
  std::string type;
  std::function<absl::Status(mysql::Transaction&, absl::Span<const ShardRange>, std::vector<Event>*)> read;
};

// A process's view of its own service's feed: one thread watches the heads and makes them durable (a barrier row is
// committed between seeing a head and telling it); streams and local followers read from the database up to there.
class Feed {
 public:
  Feed(mysql::Database& database, std::vector<RowSource> sources, prometheus::Registry* registry);
  ~Feed();

  // Reads or makes the feed's epoch and starts the watch.
  absl::Status Start();
  void Stop();

  const std::string& epoch() const;
  // Durable head of every shard (index = shard).
  std::vector<int64_t> Heads() const;
  // Waits until some shard's durable head is beyond `seen`; false at the deadline or when stopped.
  bool WaitBeyond(const std::vector<int64_t>& seen, absl::Time deadline);
  // Events in the ranges, in order within each shard; at most about `limit`: ranges cut short say so in `read_to` (the
  // last seq read of each range).
  absl::Status Read(absl::Span<const ShardRange> ranges, int limit, std::vector<Event>* events,
                    std::vector<Cursor>* read_to);
  // Calls `follow` on a thread of this feed with every event of the given types from the beginning on, then live; for indexes in memory.
  // Returns when it has reached the head of the moment.
  absl::Status Follow(std::vector<std::string> types, std::function<void(const Event&)> follow);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::events
