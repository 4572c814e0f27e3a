#pragma once

// Looks at what the own feed tells of stock, within a moment, and keeps the findings: outside the transactions that
// take facts in, so that those stay fast.

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::inventory {

// One thread. Any number of processes may watch: each step moves a shard's cursor and makes its effects in one
// transaction, and who comes second finds the cursor moved and makes none. What fails is tried again, with growing
// pauses, for a cursor that is passed over would leave a finding out.
class StockWatch {
 public:
  // All outlive it. `committed` is called when findings were told to the feed.
  StockWatch(mysql::Database& database, events::Feed& feed, const Clock& clock, std::function<void()> committed);
  // Stops.
  ~StockWatch();
  // After the feed has started.
  void Start();
  // Before the feed stops.
  void Stop();
  // Derives all that the feed has up to now; for tests, and safe beside the thread.
  absl::Status CatchUp();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::inventory
