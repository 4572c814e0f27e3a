#pragma once

// A stream of another process's events, read on a thread of its own into a short queue, so that the consumer can wait
// for events and for its leases at once.

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/client.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::events {

// What a consumer's thread waits at: messages, the end of the stream, or the end of the work. Outlives its streams.
class Mailbox {
 public:
  // The next message; none at the deadline, at the stream's end and after Close.
  std::optional<v1::StreamEventsResponse> Take(absl::Time deadline);
  // Waits until the deadline or Close.
  void Sleep(absl::Time deadline);
  // Why the stream ended, where it has and all its messages are taken.
  std::optional<absl::Status> ended() const;
  void Close();
  bool closed() const;

 private:
  friend class EventStream;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::StreamEventsResponse> messages_;  // guarded by mutex_
  std::optional<absl::Status> end_;                // guarded by mutex_
  bool cancelled_ = false;                         // guarded by mutex_
  bool closed_ = false;                            // guarded by mutex_
};

// Opens at construction; the destructor cancels, and empties the mailbox. One at a time.
class EventStream {
 public:
  EventStream(rpc::Client& source, const v1::StreamEventsRequest& request, Mailbox& mailbox);
  ~EventStream();

 private:
  void Run();

  Mailbox& mailbox_;
  const std::unique_ptr<rpc::StreamReader> reader_;
  std::thread thread_;
};

}  // namespace tributary::events
