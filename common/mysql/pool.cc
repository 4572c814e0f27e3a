#include "common/mysql/pool.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"
#include "common/status/status.h"

namespace tributary::mysql {
namespace {

// A ping costs as much as a small query, so only connections that rested this long are asked.
constexpr absl::Duration kTrustedIdle = absl::Seconds(30);

std::chrono::system_clock::time_point WaitLimit(absl::Time deadline) {
  return absl::ToChronoTime(std::min(deadline, absl::Now() + absl::Hours(24)));
}

}  // namespace

Pool::Pool(Options options, prometheus::Registry* registry)
    : options_(std::move(options)), metrics_(registry, options_.schema) {
  metrics_.limit.Set(options_.pool_size);
}

Pool::~Pool() {
  std::lock_guard lock(mutex_);
  idle_.clear();
  ShowLocked();
}

void Pool::ShowLocked() {
  metrics_.idle.Set(static_cast<double>(idle_.size()));
  metrics_.in_use.Set(in_use_);
}

absl::StatusOr<Pool::Lease> Pool::Acquire(absl::Time deadline) {
  const absl::Time start = absl::Now();
  while (true) {
    Idle found;
    bool suspect = false;
    {
      std::unique_lock lock(mutex_);
      while (idle_.empty() && in_use_ >= options_.pool_size) {
        if (freed_.wait_until(lock, WaitLimit(deadline)) == std::cv_status::timeout && absl::Now() >= deadline &&
            idle_.empty() && in_use_ >= options_.pool_size) {
          metrics_.wait_expired.Increment();
          return Error(Reason::kDeadlineExceeded, "the deadline came before a database connection was free");
        }
      }
      ++in_use_;
      if (!idle_.empty()) {
        found = std::move(idle_.back());
        idle_.pop_back();
        suspect = found.since <= suspected_;
      }
      ShowLocked();
    }
    const absl::Time now = absl::Now();
    if (found.connection != nullptr) {
      // From here on the lease gives the place back, whatever happens.
      Lease lease(this, std::move(found.connection));
      const bool rested = now - found.since > kTrustedIdle;
      if ((rested || suspect) && !lease->Ping().ok()) {
        lease.Release(false);
        continue;
      }
      metrics_.wait_seconds.Observe(absl::ToDoubleSeconds(now - start));
      return lease;
    }
    Options options = options_;
    options.connect_timeout = std::min(options.connect_timeout, deadline - now);
    absl::StatusOr<std::unique_ptr<Connection>> opened = Connection::Open(options);
    if (!opened.ok()) {
      metrics_.connect_failed.Increment();
      Return(nullptr, false);
      return opened.status();
    }
    metrics_.opened.Increment();
    metrics_.wait_seconds.Observe(absl::ToDoubleSeconds(absl::Now() - start));
    return Lease(this, *std::move(opened));
  }
}

void Pool::Suspect() {
  std::lock_guard lock(mutex_);
  suspected_ = absl::Now();
}

void Pool::Return(std::unique_ptr<Connection> connection, bool reusable) {
  const absl::Time now = absl::Now();
  if (connection != nullptr) {
    if (!reusable || connection->lost()) {
      metrics_.closed_lost.Increment();
      connection.reset();
    } else if (now - connection->opened_at() > options_.max_age) {
      metrics_.closed_age.Increment();
      connection.reset();
    }
  }
  {
    std::lock_guard lock(mutex_);
    --in_use_;
    if (connection != nullptr) idle_.push_back({std::move(connection), now});
    ShowLocked();
  }
  freed_.notify_one();
}

void Pool::Lease::Release(bool reusable) {
  if (connection_ != nullptr) pool_->Return(std::move(connection_), reusable);
}

}  // namespace tributary::mysql
