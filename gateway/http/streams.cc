#include "gateway/http/streams.h"

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
                        .Add({})),
      threads_(limit) {}

Streams::~Streams() {
  Stop();
  threads_.Join();
}

absl::Status Streams::Start(std::function<void()> body, std::function<void()> cancel) {
  std::lock_guard lock(mutex_);
  if (stopping_) return Error(Reason::kDraining, "the gateway is stopping");
  const uint64_t id = next_++;
  // Waits for this lock before it leaves, so that it finds what is entered here.
  if (!threads_.TryRun([this, id, body = std::move(body)]() mutable {
        body();
        body = nullptr;
        std::lock_guard leaving(mutex_);
        open_.erase(id);
        open_streams_.Decrement();
      })) {
    return WithDetail(absl::StatusCode::kResourceExhausted, StrCat("got ", limit_, " open streams, want fewer"),
                      {.reason = Reason::kOverloaded, .retry_after = absl::Seconds(1)});
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
