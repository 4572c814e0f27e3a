#pragma once

// Frees what reservations hold that have run out of time.

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::inventory {

// One thread, which looks once a second. Any number of processes may run one: each reservation ends in a transaction of
// its own, on its locked row, and who comes second finds it ended. Nothing depends on it but how soon units are free
// again: a reservation that is out of time can no longer be posted, whether it has been here or not. Reservations that
// cannot be ended now are told to the log and tried again with the next look.
class ReservationExpiry {
 public:
  // All outlive it. `committed` is called when something was told to the feed.
  ReservationExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed);
  // Stops.
  ~ReservationExpiry();
  void Start();
  void Stop();
  // Ends all that are out of time now; answers how many it ended itself. Safe beside the thread.
  absl::StatusOr<int> ExpireDue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::inventory
