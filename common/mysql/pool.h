#pragma once

// A bounded pool of connections.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/metrics.h"

namespace tributary::mysql {

// Thread-safe. Opens connections when they are asked for, up to options.pool_size, and hands out the one used last,
// so that the rest can age. Outlives its leases.
class Pool {
 public:
  Pool(Options options, prometheus::Registry* registry);
  ~Pool();

  // A connection on loan: goes back when the lease ends, or is closed where it was lost or has reached its age.
  class Lease {
   public:
    Lease() = default;
    Lease(Pool* pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&& other) noexcept {
      Release();
      pool_ = other.pool_;
      connection_ = std::move(other.connection_);
      return *this;
    }
    ~Lease() { Release(); }
    explicit operator bool() const { return connection_ != nullptr; }
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }
    // Gives the connection back now. `reusable` false closes it whatever its state.
    void Release(bool reusable = true);

   private:
    Pool* pool_ = nullptr;
    std::unique_ptr<Connection> connection_;
  };

  // Waits until the deadline for a free connection (DEADLINE_EXCEEDED); DATABASE_UNAVAILABLE where none can be opened.
  absl::StatusOr<Lease> Acquire(absl::Time deadline);

  // Something was lost: whatever is idle now is asked for a sign of life before it is lent again.
  void Suspect();

  const Options& options() const { return options_; }
  Metrics& metrics() { return metrics_; }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    absl::Time since;
  };

  void Return(std::unique_ptr<Connection> connection, bool reusable);
  void ShowLocked();

  const Options options_;
  Metrics metrics_;

  std::mutex mutex_;
  std::condition_variable freed_;
  // Guarded by mutex_:
  std::vector<Idle> idle_;  // the one returned last at the end
  int in_use_ = 0;          // lent, or being opened
  absl::Time suspected_ = absl::InfinitePast();
};

}  // namespace tributary::mysql
