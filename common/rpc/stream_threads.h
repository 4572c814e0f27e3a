#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace tributary::rpc {

// Threads for streams, one each, which are joined: after Join nothing of them runs any more, not even what a thread
// does when it ends, such as putting the database driver's things away. Thread-safe; not to be called by its own
// threads.
class StreamThreads {
 public:
  explicit StreamThreads(int limit) : limit_(static_cast<size_t>(limit)) {}
  ~StreamThreads() { Join(); }
  StreamThreads(const StreamThreads&) = delete;
  StreamThreads& operator=(const StreamThreads&) = delete;

  // false where `limit` bodies run, or there is no thread to be had; the body is then not taken.
  bool TryRun(std::function<void()> body);
  // Waits until none runs.
  void Join();

 private:
  void JoinEnded(std::unique_lock<std::mutex> lock);

  const size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::thread> running_, ended_;  // under mutex_
};

}  // namespace tributary::rpc
