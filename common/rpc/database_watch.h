#pragma once

// Tells calls that wait for a database which has fallen silent, shortly before their deadline: their threads are held
// by statements that nobody can call back, and a deadline that passes does not say what is wrong. Private to
// common/rpc.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"

namespace tributary::rpc {

// A call that can be answered while its thread waits.
class WatchedCall {
 protected:
  ~WatchedCall() = default;

 private:
  friend class DatabaseWatch;
  // Answers that the database is silent. Called once at most; the call stays for its thread to put away.
  virtual void DatabaseSilent() = 0;

  absl::Time answer_by_;
  // Of the watch's list, null outside it:
  WatchedCall* previous_ = nullptr;
  WatchedCall* next_ = nullptr;
};

// When a call that came at `arrived` with `deadline` is told at the latest: with an eighth of its time left, 500 ms at
// most.
absl::Time AnswerBy(absl::Time arrived, absl::Time deadline);

// Thread-safe. Exactly one of two answers a call: the watch, or whoever was let go by Leave. `database` outlives it.
class DatabaseWatch {
 public:
  explicit DatabaseWatch(const mysql::Database& database);
  ~DatabaseWatch();

  // `answer_by`: when the call is told that the database is silent, a moment before its deadline.
  void Enter(WatchedCall& call, absl::Time answer_by);
  // false: the call has been answered, and what it was answered to has gone.
  bool Leave(WatchedCall& call);
  // Runs `look` while the call is sure not to be answered; false, without running it, where it has been.
  bool WhileWaiting(WatchedCall& call, absl::FunctionRef<void()> look);

 private:
  bool Waits(const WatchedCall& call) const { return call.next_ != nullptr; }
  void Unlink(WatchedCall& call);
  void Watch();

  // The list's end, and where it begins.
  struct End final : WatchedCall {
    void DatabaseSilent() override {}
  };

  const mysql::Database& database_;
  std::mutex mutex_;
  std::condition_variable stop_;
  End end_;                // its list guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tributary::rpc
