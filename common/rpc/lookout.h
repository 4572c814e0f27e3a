#pragma once

// Threads that look now and then whether there is something to do.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace tributary::rpc {

class Lookout {
 public:
  // Looks once; how long to pause after it. One that throws is told to the log and made again after a second.
  using Look = std::function<absl::Duration()>;

  Lookout() = default;
  // Stops.
  ~Lookout();

  // `what` is for the log. Each thread's first look is after `pause`. Once.
  void Start(const std::string& what, const Look& look, absl::Duration pause = absl::ZeroDuration(), int threads = 1);
  // For good. Ends pauses at once, and returns after the looks under way.
  void Stop();
  // What a long look asks in between.
  bool stopping() const;

 private:
  void Run(const std::string& what, const Look& look, absl::Duration pause);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tributary::rpc
