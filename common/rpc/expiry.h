#pragma once

// Ends what has run out of time (reservations, offers), so that the feed learns of it.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "common/time/clock.h"

namespace tributary::rpc {

// One thread, which looks once a second, or as often as its rules say. Any number of processes may run one: each thing
// ends in a transaction of its own, on its locked row, and who comes second finds it ended. What cannot be ended now is
// told to the log and tried again with the next look.
class Expiry {
 public:
  // The ids of a thing's parent and its own.
  using Id = std::pair<std::string, std::string>;
  struct Rules {
    std::string things;  // for the log: "reservations"
    // Those that are out of time at `now`, at most `limit`.
    std::function<absl::StatusOr<std::vector<Id>>(mysql::Transaction&, absl::Time now, int limit)> due;
    // Ends one where it still is to be ended; whether it was. May run again. What it declines and `due` goes on naming
    // waits for the next look.
    std::function<absl::StatusOr<bool>(Unit&, const Id&, absl::Time now)> end;
    absl::Duration every = absl::Seconds(1);  // how often the thread looks
  };

  // All outlive it. `committed` is called when something was told to the feed.
  Expiry(mysql::Database& database, const Clock& clock, Rules rules, std::function<void()> committed);
  // Stops.
  ~Expiry();
  void Start();
  void Stop();
  // Ends all that are out of time now; answers how many it ended itself. Safe beside the thread.
  absl::StatusOr<int> ExpireDue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::rpc
