#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "common/events/outbox.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/registry.h"

namespace tributary::events {

// What a process has told its feed: tributary_feed_told_events_total, labels noun and verb, which the code names and
// data cannot add to. Thread-safe.
class ToldMetrics {
 public:
  // `registry` may be null.
  explicit ToldMetrics(prometheus::Registry* registry);

  // After the COMMIT.
  void Count(const std::vector<Told>& told);

 private:
  std::unique_ptr<prometheus::Registry> own_;
  prometheus::Family<prometheus::Counter>& family_;
  std::mutex mutex_;
  // Kept, since Family::Add looks up by all labels. Guarded by mutex_.
  std::map<std::pair<std::string, std::string>, prometheus::Counter*> counters_;
};

}  // namespace tributary::events
