#pragma once

// Ends offers of leads whose time has run out, so that the feed learns of it and the lead is open again.

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::partner {

// One thread, which looks once a second. Any number of processes may run one: each offer ends in a transaction of its
// own, on its locked lead, and who comes second finds it ended. Nothing depends on it but how soon the feed learns: an
// offer that is out of time can no longer be accepted, whether it has been here or not. Offers that cannot be ended now
// are told to the log and tried again with the next look.
class OfferExpiry {
 public:
  // All outlive it. `committed` is called when something was told to the feed.
  OfferExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed);
  // Stops.
  ~OfferExpiry();
  void Start();
  void Stop();
  // Ends all that are out of time now; answers how many it ended itself. Safe beside the thread.
  absl::StatusOr<int> ExpireDue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::partner
