#pragma once

// The accruing programs, and which of their periods are closed, as each batch of lines needs them. Both change under
// the lock of the program set alone, which then has another epoch: what was read at one epoch is not read again before
// it.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/programs/program_store.h"

namespace tributary::incentive {

// Of one process. Not thread-safe.
class AccruingSet {
 public:
  // Holds the program set until the transaction ends (ProgramStore::HoldSet); what follows is then of that set.
  absl::Status Hold(mysql::Transaction& sql);
  // By id.
  const std::vector<Program>& programs() const { return programs_; }

  // Looks which of these periods of the program's scale are closed. closes() has those of all that were looked at.
  absl::Status LookAt(mysql::Transaction& sql, const Program& program, const std::vector<Period>& scales);
  const ClosedPeriods& closes() const { return closes_; }

 private:
  ProgramStore program_store_;
  PeriodCloseStore close_store_;
  std::optional<ProgramEpoch> epoch_;  // of what is here
  std::vector<Program> programs_;
  ClosedPeriods closes_;
  std::set<std::pair<std::string, std::string>> looked_at_;  // (program, period of its scale)
};

}  // namespace tributary::incentive
