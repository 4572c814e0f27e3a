#include "common/events/event_stream.h"

#include <utility>

namespace tributary::events {
namespace {

constexpr size_t kQueue = 4;  // messages; a source that is faster waits in flow control

}  // namespace

std::optional<v1::StreamEventsResponse> Mailbox::Take(absl::Time deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, absl::ToChronoTime(deadline),
                      [this] { return closed_ || end_.has_value() || !messages_.empty(); });
  if (closed_ || messages_.empty()) return std::nullopt;
  v1::StreamEventsResponse message = std::move(messages_.front());
  messages_.pop_front();
  changed_.notify_all();
  return message;
}

void Mailbox::Sleep(absl::Time deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, absl::ToChronoTime(deadline), [this] { return closed_; });
}

std::optional<absl::Status> Mailbox::ended() const {
  std::lock_guard lock(mutex_);
  return messages_.empty() ? end_ : std::nullopt;
}

void Mailbox::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool Mailbox::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

EventStream::EventStream(rpc::Client& source, const v1::StreamEventsRequest& request, Mailbox& mailbox)
    : mailbox_(mailbox), reader_(source.OpenStream("tributary.events.v1.FeedService/StreamEvents", request)) {
  thread_ = std::thread([this] { Run(); });
}

EventStream::~EventStream() {
  {
    std::lock_guard lock(mailbox_.mutex_);
    mailbox_.cancelled_ = true;
    mailbox_.changed_.notify_all();
  }
  reader_->Cancel();
  thread_.join();
  std::lock_guard lock(mailbox_.mutex_);
  mailbox_.messages_.clear();
  mailbox_.end_.reset();
  mailbox_.cancelled_ = false;
}

void EventStream::Run() {
  v1::StreamEventsResponse message;
  while (reader_->Read(&message)) {
    std::unique_lock lock(mailbox_.mutex_);
    mailbox_.changed_.wait(lock, [this] { return mailbox_.cancelled_ || mailbox_.messages_.size() < kQueue; });
    if (mailbox_.cancelled_) break;
    mailbox_.messages_.push_back(std::move(message));
    message.Clear();
    mailbox_.changed_.notify_all();
  }
  absl::Status end = reader_->Finish();
  std::lock_guard lock(mailbox_.mutex_);
  mailbox_.end_ = end.ok() ? absl::UnavailableError("the stream ended") : std::move(end);
  mailbox_.changed_.notify_all();
}

}  // namespace tributary::events
