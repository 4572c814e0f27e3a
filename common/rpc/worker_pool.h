#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tributary::rpc {

// A fixed number of threads and a bounded queue before them. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(int threads, int queue_limit);
  ~WorkerPool();  // finishes what is queued

  // false where the queue is full or the pool stops; the task is then not taken.
  bool TryRun(std::function<void()> task);
  int queued() const;

 private:
  void Work();

  const size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;  // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tributary::rpc
