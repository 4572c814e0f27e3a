#include "common/mysql/group.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "common/mysql/transaction_state.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::mysql {

// Lives on the caller's stack while the caller waits.
struct GroupCommitter::Unit {
  const TransactOptions& options;
  absl::FunctionRef<absl::Status(Transaction&)> body;

  std::mutex mutex;
  std::condition_variable answered;
  // Guarded by mutex:
  bool done = false;
  absl::Status answer;
};

struct GroupCommitter::Lane {
  std::mutex mutex;
  std::condition_variable changed;
  // Guarded by mutex:
  std::deque<Unit*> queue;
  bool ending = false;

  std::thread thread;
};

GroupCommitter::GroupCommitter(Database& database, GroupOptions options) : database_(database), options_(options) {
  for (int i = 0; i < std::max(1, options_.lanes); ++i) lanes_.push_back(std::make_unique<Lane>());
  for (auto& lane : lanes_) {
    lane->thread = std::thread([this, &lane = *lane] { Work(lane); });
  }
}

GroupCommitter::~GroupCommitter() {
  for (auto& lane : lanes_) {
    {
      std::lock_guard lock(lane->mutex);
      lane->ending = true;
    }
    lane->changed.notify_all();
  }
  for (auto& lane : lanes_) lane->thread.join();
}

absl::Status GroupCommitter::Commit(std::string_view key, const TransactOptions& options,
                                    absl::FunctionRef<absl::Status(Transaction&)> body) {
  Unit unit{.options = options, .body = body};
  Lane& lane = *lanes_[std::hash<std::string_view>()(key) % lanes_.size()];
  {
    std::lock_guard lock(lane.mutex);
    if (lane.queue.size() >= options_.longest_queue) {
      return Error(Reason::kOverloaded, StrCat(lane.queue.size(), " changes wait to be stored already"));
    }
    lane.queue.push_back(&unit);
  }
  lane.changed.notify_one();
  std::unique_lock lock(unit.mutex);
  unit.answered.wait(lock, [&] { return unit.done; });
  return std::move(unit.answer);
}

size_t GroupCommitter::waiting() const {
  size_t count = 0;
  for (const auto& lane : lanes_) {
    std::lock_guard lock(lane->mutex);
    count += lane->queue.size();
  }
  return count;
}

void GroupCommitter::Answer(Unit& unit, absl::Status status) {
  // Told under the lock: once the waiter can see it, the unit may be gone.
  std::lock_guard lock(unit.mutex);
  unit.answer = std::move(status);
  unit.done = true;
  unit.answered.notify_one();
}

std::vector<GroupCommitter::Unit*> GroupCommitter::Take(Lane& lane) {
  const size_t most = static_cast<size_t>(std::max(1, options_.most_units));
  std::unique_lock lock(lane.mutex);
  lane.changed.wait(lock, [&] { return lane.ending || !lane.queue.empty(); });
  if (options_.linger > absl::ZeroDuration() && lane.queue.size() < most) {
    const auto until = absl::ToChronoTime(absl::Now() + options_.linger);
    lane.changed.wait_until(lock, until, [&] { return lane.ending || lane.queue.size() >= most; });
  }
  const size_t count = std::min(most, lane.queue.size());
  std::vector<Unit*> units(lane.queue.begin(), lane.queue.begin() + static_cast<std::ptrdiff_t>(count));
  lane.queue.erase(lane.queue.begin(), lane.queue.begin() + static_cast<std::ptrdiff_t>(count));
  return units;
}

void GroupCommitter::Work(Lane& lane) {
  while (true) {
    std::vector<Unit*> units = Take(lane);
    if (units.empty()) return;
    const absl::Time now = absl::Now();
    std::erase_if(units, [&](Unit* unit) {
      if (now < unit->options.deadline) return false;
      Answer(*unit, Error(Reason::kDeadlineExceeded, "the deadline passed before the change's turn came"));
      return true;
    });
    if (units.size() == 1) {
      RunAlone(*units[0]);
    } else if (!units.empty()) {
      RunGroup(units);
    }
  }
}

void GroupCommitter::RunAlone(Unit& unit) {
  TransactOptions options = unit.options;
  database_.pool_->metrics().group_units.Observe(1);
  Answer(unit, database_.Transact(options, unit.body));
}

void GroupCommitter::RunGroup(const std::vector<Unit*>& units) {
  Transaction transaction(std::make_unique<Transaction::State>(*database_.pool_, TransactOptions()));
  Transaction::State& state = *transaction.state_;
  database_.pool_->metrics().group_units.Observe(static_cast<double>(units.size()));
  std::vector<absl::Status> answers;  // of the units so far; OK waits for the COMMIT
  bool lost = false;
  for (Unit* unit : units) {
    state.deadline = unit->options.deadline;
    state.PlanSavepoint();
    absl::Status status = unit->body(transaction);
    if (status.ok()) status = state.doom;
    if (ReasonOf(status) == Reason::kDatabaseUnavailable && !state.lease) {
      // No connection can be had; the next unit would only wait for the same refusal.
      for (Unit* each : units) Answer(*each, status);
      return;
    }
    if (!status.ok() && !state.RollbackToSavepoint()) {
      lost = true;
      break;
    }
    answers.push_back(std::move(status));
  }
  if (!lost) lost = !state.Commit().ok();
  const bool unknown = state.commit_unknown;
  if (lost) state.Rollback();
  bool again = lost && !unknown;  // rolled back as a whole, with whatever the refused ones had seen of it
  for (size_t i = 0; i < units.size(); ++i) {
    absl::Status answer = i < answers.size() ? std::move(answers[i]) : absl::OkStatus();
    if (!again && unknown && answer.ok()) answer = database_.Resolve(units[i]->options, &again);
    if (again) {
      RunAlone(*units[i]);
    } else {
      Answer(*units[i], std::move(answer));
    }
  }
}

}  // namespace tributary::mysql
