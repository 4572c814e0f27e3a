#include "common/rpc/database_watch.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"

namespace tributary::rpc {
namespace {

constexpr std::chrono::milliseconds kLook{50};

}  // namespace

absl::Time AnswerBy(absl::Time arrived, absl::Time deadline) {
  return deadline - std::min((deadline - arrived) / 8, absl::Milliseconds(500));
}

DatabaseWatch::DatabaseWatch(const mysql::Database& database) : database_(database) {
  end_.previous_ = end_.next_ = &end_;
  thread_ = std::thread([this] { Watch(); });
}

DatabaseWatch::~DatabaseWatch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void DatabaseWatch::Enter(WatchedCall& call, absl::Time answer_by) {
  std::lock_guard lock(mutex_);
  call.answer_by_ = answer_by;
  call.previous_ = end_.previous_;
  call.next_ = &end_;
  call.previous_->next_ = end_.previous_ = &call;
}

void DatabaseWatch::Unlink(WatchedCall& call) {
  call.previous_->next_ = call.next_;
  call.next_->previous_ = call.previous_;
  call.previous_ = call.next_ = nullptr;
}

bool DatabaseWatch::Leave(WatchedCall& call) {
  std::lock_guard lock(mutex_);
  if (!Waits(call)) return false;
  Unlink(call);
  return true;
}

bool DatabaseWatch::WhileWaiting(WatchedCall& call, absl::FunctionRef<void()> look) {
  std::lock_guard lock(mutex_);
  if (!Waits(call)) return false;
  look();
  return true;
}

void DatabaseWatch::Watch() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, kLook, [this] { return stopping_; })) {
    if (database_.answers()) continue;
    const absl::Time now = absl::Now();
    for (WatchedCall* call = end_.next_; call != &end_;) {
      WatchedCall& candidate = *call;
      call = call->next_;
      if (now < candidate.answer_by_) continue;
      Unlink(candidate);
      // Under the lock: from Leave on its thread may put the call away.
      candidate.DatabaseSilent();
    }
  }
}

}  // namespace tributary::rpc
