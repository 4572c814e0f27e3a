#pragma once

// Which shards of a feed this process holds: fair shares among the live processes, kept by leases. Leases save work
// done twice; that each effect happens once is the fence's doing (ConsumerStore::Advance).

#include <functional>
#include <map>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/consumer_store.h"
#include "common/mysql/database.h"

namespace tributary::events {

// For one thread.
class ShardLeases {
 public:
  // `at` is told the steps "signed-in", "claimed" and "released".
  ShardLeases(mysql::Database& database, const ConsumerStore& store, absl::Duration lease,
              std::function<void(std::string_view)> at)
      : database_(database), store_(store), lease_(lease), at_(std::move(at)) {}

  // Forgets what is held, so that the next Tick claims it anew under a new fence and reads where it stands.
  absl::Status Begin();
  // Prolongs the leases, gives back what is above the fair share, claims what is free below it. Due a few times a
  // lease. Sets `changed` where other shards are held than before, or they stand elsewhere.
  absl::Status Tick(bool* changed);
  // Gives everything back; where that fails, others wait until the lease is over.
  absl::Status Leave();

  std::map<int, HeldShard>& held() { return held_; }

 private:
  absl::Status Claim(size_t wanted, std::map<int, HeldShard>* ours);

  mysql::Database& database_;
  const ConsumerStore& store_;
  const absl::Duration lease_;
  const std::function<void(std::string_view)> at_;
  std::map<int, HeldShard> held_;
};

}  // namespace tributary::events
