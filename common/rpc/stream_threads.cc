#include "common/rpc/stream_threads.h"

#include <system_error>
#include <utility>

namespace tributary::rpc {

bool StreamThreads::TryRun(std::function<void()> body) {
  std::unique_lock lock(mutex_);
  const bool room = running_.size() < limit_;
  if (room) {
    const auto place = running_.emplace(running_.end());
    try {
      // Waits for this lock before it leaves, so that it finds itself in its place.
      *place = std::thread([this, place, body = std::move(body)]() mutable {
        body();
        body = nullptr;
        std::lock_guard leaving(mutex_);
        ended_.splice(ended_.end(), running_, place);
        changed_.notify_all();
      });
    } catch (const std::system_error&) {
      running_.erase(place);
      return false;
    }
  }
  JoinEnded(std::move(lock));
  return room;
}

void StreamThreads::Join() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_.empty(); });
  JoinEnded(std::move(lock));
}

void StreamThreads::JoinEnded(std::unique_lock<std::mutex> lock) {
  std::list<std::thread> ended = std::move(ended_);
  ended_.clear();
  lock.unlock();
  for (std::thread& thread : ended) thread.join();
}

}  // namespace tributary::rpc
