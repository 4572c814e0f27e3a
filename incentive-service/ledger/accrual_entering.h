#pragma once

// Enters what programs accrue into the ledger. Accruals move with every line and are worked out when they are read, so
// that entering each move would cost more than taking the line in: differences are entered instead, now and then, and
// whoever enters them twice enters nothing the second time. What a close states and an issue tells moves what is
// entered at once (AccruedStore).

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"
#include "incentive-service/accruals/accrual_service.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/ledger/accrued_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {

// Differences of one call at most: each partner's are entered under its ledger, and all at once.
inline constexpr size_t kMostAccrualsEntered = 1000;

struct EnteredAccruals {
  int64_t entered = 0;  // differences
  int64_t left = 0;     // those that are still to be entered
  int64_t accrued = 0;  // what the ledger has of the program then, minor units
};

class AccrualEntering {
 public:
  // It outlives this.
  explicit AccrualEntering(const AccrualService& accruals) : accruals_(accruals) {}

  // In the caller's transaction, which holds the set of programs from then on: no period is closed meanwhile. The
  // program is no draft.
  absl::StatusOr<EnteredAccruals> Enter(mysql::Transaction& sql, const Program& program, absl::Time now) const;
  // Likewise, of partners behind `after` alone, of as many as have `at_once` accruals; the last of them, empty where
  // nobody is left.
  absl::StatusOr<std::string> EnterSome(mysql::Transaction& sql, const Program& program, const std::string& after,
                                        size_t at_once, absl::Time now) const;

 private:
  // Lets no period be closed and nothing of the program be issued from here on; what is entered of it.
  absl::StatusOr<AccruedAmounts> Lock(mysql::Transaction& sql, const Program& program) const;
  absl::StatusOr<AccruedAmounts> ReadUnstated(mysql::Transaction& sql, const Program& program,
                                              const std::vector<AccrualKey>& keys) const;
  // What statements have said of the scale's period beyond what they said of it up to the accrual's end: closes of
  // later payout periods say what came late to this one. `stated`: by scale's period, what was read of them.
  absl::StatusOr<int64_t> StatedLater(mysql::Transaction& sql, const Program& program, const AccrualKey& key,
                                      const Period& scale, const v1::Accrual& message,
                                      std::map<std::string, StatedAmounts>* stated) const;

  const AccrualService& accruals_;
  AccrualStore accrual_store_;
  AccruedStore accrued_;
  ProgramStore programs_;
  StatementStore statements_;
};

// One thread, which enters what all programs have accrued once an hour: each program's by partner, `at_once` accruals
// in a transaction. Any number of processes may run one.
class AccrualEntrant {
 public:
  // All outlive it.
  AccrualEntrant(mysql::Database& database, const Clock& clock, const AccrualEntering& entering, size_t at_once = 1000);
  // Stops.
  ~AccrualEntrant();
  // The first time is after an hour.
  void Start();
  void Stop();
  // Enters all that there is now. Safe beside the thread.
  absl::Status EnterAll();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::incentive
