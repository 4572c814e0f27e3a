#pragma once

// A service's consumption of another's feed: a row a shard in this service's database holds the cursor, its owner, a
// fencing epoch and a lease. The lease is for efficiency; every effect's transaction moves the cursor under the fence,
// which makes each effect happen once.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/rpc/client.h"
#include "common/time/clock.h"

namespace tributary::events {

// The steps at which a consumer can be stopped between two of its effects.
inline constexpr std::string_view kConsumerSteps[] = {
    "signed-in",  // its lease as a process is stored
    "claimed",    // shards are its own
    "received",   // a message has come
    "begun",      // a transaction begins
    "fenced",     // the cursors are moved in it
    "applied",    // the effects are made in it
    "told",       // the service's own events are written in it; COMMIT is next
    "committed",  // all of it is stored
    "parking",    // an event that cannot be applied is stored as parked, not yet committed
    "parked",     // and committed
    "released",   // shards are given back to others
};

struct ConsumerOptions {
  std::string feed;                        // "partner", "inventory", ...
  std::vector<std::string> payload_types;  // full message names wanted
  std::string owner;                       // this process; unique among replicas
  int batch = 1000;                        // events in one transaction at most
  absl::Duration lease = absl::Seconds(10);
  // Called after a commit that told this service's own feed something (Feed::Poke).
  std::function<void()> committed;
  // For tests that stop the process at a step.
  std::function<void(std::string_view step)> at_step;
};

// Applies events, in order within each shard, in one transaction with their cursors. Must be rerunnable. An error that
// is not a retry of the transaction makes the batch be applied in ever smaller parts; the event that still fails alone
// is parked.
using ApplyEvents = std::function<absl::Status(mysql::Transaction&, absl::Span<const Event>, Outbox&)>;

// One thread that leases shards, streams (reading ahead on a second) and applies; several processes share the shards:
// each of n live ones takes at most 64/n, rounded up. Restarts by itself after errors, with growing pauses. Only where
// the source says that its feed was rewound or the cursors' events are gone it stops for good, loudly (log,
// tributary_feed_consumer_halted): what has been applied may then never have happened, and somebody must decide.
class Consumer {
 public:
  Consumer(mysql::Database& database, rpc::Client& source, const Clock& clock, ConsumerOptions options,
           ApplyEvents apply, prometheus::Registry* registry);
  // Stops.
  ~Consumer();
  void Start();
  // Finishes the transaction under way and gives the shards back, so that other replicas go on at once.
  void Stop();
  // Whether it has stopped for good.
  bool halted() const;

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
