#include "gateway/http/streams.h"

#include <system_error>
#include <thread>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::gateway {

Streams::Streams(int limit, prometheus::Registry& registry)
    : limit_(limit),
      open_streams_(prometheus::BuildGauge()
                        .Name("tributary_gateway_open_streams")
                        .Help("Streams that clients have open.")
                        .Register(registry)
                        .Add({})) {}

Streams::~Streams() {
  Stop();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return open_.empty(); });
}

absl::Status Streams::Start(std::function<void()> body, std::function<void()> cancel) {
  std::lock_guard lock(mutex_);
  if (stopping_) return Error(Reason::kDraining, "the gateway is stopping");
  absl::Status full =
      WithDetail(absl::StatusCode::kResourceExhausted, StrCat("got ", limit_, " open streams, want fewer"),
                 {.reason = Reason::kOverloaded, .retry_after = absl::Seconds(1)});
  if (open_.size() >= static_cast<size_t>(limit_)) return full;
  const uint64_t id = next_++;
  try {
    // Waits for this lock before it leaves, so that it finds what is entered here.
    std::thread([this, id, body = std::move(body)]() mutable {
      body();
      body = nullptr;
      std::unique_lock leaving(mutex_);
      open_.erase(id);
      open_streams_.Decrement();
      std::notify_all_at_thread_exit(changed_, std::move(leaving));
    }).detach();
  } catch (const std::system_error&) {
    return full;
  }
  open_.emplace(id, std::move(cancel));
  open_streams_.Increment();
  return absl::OkStatus();
}

void Streams::Stop() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  for (auto& [id, cancel] : open_) {
    if (const auto once = std::exchange(cancel, nullptr)) once();
  }
}

bool Streams::stopping() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

}  // namespace tributary::gateway
