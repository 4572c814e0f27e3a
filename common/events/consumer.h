#pragma once

// A service's consumption of another's feed: a row a shard in this service's database holds the cursor, its owner, a
// fencing epoch and a lease. The lease is for efficiency; every effect's transaction moves the cursor under the fence,
// which makes each effect happen once.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/rpc/client.h"
#include "common/time/clock.h"

namespace tributary::events {

struct ConsumerOptions {
  std::string feed;                        // "partner", "inventory", ...
  std::vector<std::string> payload_types;  // full message names wanted
  std::string owner;                       // this process; unique among replicas
  int batch = 1000;                        // events in one transaction at most
  absl::Duration lease = absl::Seconds(10);
};

// Applies events, in order within each shard, in one transaction with their cursors. Must be rerunnable. An error that
// is not a retry of the transaction makes the batch be applied one by one; the event that still fails is parked.
using ApplyEvents = std::function<absl::Status(mysql::Transaction&, absl::Span<const Event>, Outbox&)>;

// One thread that leases shards, streams and applies; several processes share the shards. Restarts by itself after
// errors.
class Consumer {
 public:
  Consumer(mysql::Database& database, rpc::Client& source, const Clock& clock, ConsumerOptions options,
           ApplyEvents apply, prometheus::Registry* registry);
  ~Consumer();
  void Start();
  void Stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Cursors of a feed as this service has applied them (index = shard), read in the caller's transaction.
absl::StatusOr<std::vector<Cursor>> AppliedCursors(mysql::Transaction& sql, const std::string& feed);

// Serves tributary.events.v1.FeedService: `feed` may be null for a process without one.
class FeedService;
std::unique_ptr<FeedService, void (*)(FeedService*)> ServeFeed(rpc::Server& server, mysql::Database& database,
                                                               Feed* feed);

}  // namespace tributary::events
