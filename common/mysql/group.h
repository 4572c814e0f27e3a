#pragma once

// The group committer, for hot writes: one transaction, and with it one wait for the disk, for many small units.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"

namespace tributary::mysql {

struct GroupOptions {
  int lanes = 2;         // threads, each with a connection of the pool while it works
  int most_units = 128;  // of one transaction
  // How long a lane waits for company; 0 takes what is queued, which under load is all that came during the last
  // commit.
  absl::Duration linger = absl::ZeroDuration();
  size_t longest_queue = 4096;  // of one lane; then OVERLOADED
};

// Thread-safe. Units of one key are applied in the order in which they were handed in. Each unit has the effect and the
// answer that it would have in a transaction of its own at READ COMMITTED: its error undoes it alone (a savepoint), and
// where the common transaction is lost, the units run again one by one. `database` outlives it.
class GroupCommitter {
 public:
  GroupCommitter(Database& database, GroupOptions options = {});
  // Finishes what is queued.
  ~GroupCommitter();
  GroupCommitter(const GroupCommitter&) = delete;
  GroupCommitter& operator=(const GroupCommitter&) = delete;

  // Blocks until the unit is stored or refused. Same promise and same answers as Database::Transact, and OVERLOADED.
  // The body runs on a lane's thread and should be short: the units behind it wait. A deadline that passes in the
  // queue is DEADLINE_EXCEEDED and the body is not run.
  // `options` must not ask for reads only.
  absl::Status Commit(std::string_view key, const TransactOptions& options,
                      absl::FunctionRef<absl::Status(Transaction&)> body);

  // Units in the queues now, without those that are being run.
  size_t waiting() const;

 private:
  struct Unit;
  struct Lane;

  void Work(Lane& lane);
  // Waits for units; empty when the lane is to end.
  std::vector<Unit*> Take(Lane& lane);
  void RunGroup(const std::vector<Unit*>& units);
  void RunAlone(Unit& unit);
  static void Answer(Unit& unit, absl::Status status);

  Database& database_;
  const GroupOptions options_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace tributary::mysql
