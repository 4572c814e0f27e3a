#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "absl/status/status.h"
#include "common/rpc/stream_threads.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"

namespace tributary::gateway {

// Threads for streams, one each and so many at most. Thread-safe.
//   tributary_gateway_open_streams
class Streams {
 public:
  Streams(int limit, prometheus::Registry& registry);
  ~Streams();  // stops, and waits for all of them

  // Runs `body` on a thread of its own. `cancel` makes it end soon; it is called at most once, never after the body's
  // end, and must not block. OVERLOADED where too many are open, DRAINING after Stop; then neither is called.
  absl::Status Start(std::function<void()> body, std::function<void()> cancel);
  // Cancels what is open and takes no more.
  void Stop();
  bool stopping() const;

 private:
  const int limit_;
  prometheus::Gauge& open_streams_;
  mutable std::mutex mutex_;
  std::map<uint64_t, std::function<void()>> open_;  // how each is cancelled; under mutex_
  uint64_t next_ = 0;                               // under mutex_
  bool stopping_ = false;                           // under mutex_
  rpc::StreamThreads threads_;
};

}  // namespace tributary::gateway
