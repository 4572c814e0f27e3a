#pragma once

// Closes in the database. Each call works in the caller's transaction.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/closes/period_close.h"

namespace tributary::incentive {

// What all closes in one currency have stated.
struct StatedTotal {
  std::string currency;
  int64_t statements = 0;
  int64_t total = 0;  // minor units
};

class PeriodCloseStore {
 public:
  // For a period that is not closed; the caller holds the lock of the program set.
  absl::Status Insert(mysql::Transaction& sql, const PeriodClose& close) const;
  absl::StatusOr<bool> IsClosed(mysql::Transaction& sql, const CloseKey& key) const;
  // Ids of a program's payout periods that are closed.
  absl::StatusOr<std::vector<std::string>> ClosedIds(mysql::Transaction& sql, std::string_view program) const;
  // Those of a program's periods that are closed: whose last payout period is.
  absl::StatusOr<ClosedPeriods> Closed(mysql::Transaction& sql, const Program& program,
                                       const std::vector<Period>& scales) const;
  // NOT_FOUND.
  absl::StatusOr<PeriodClose> Get(mysql::Transaction& sql, const CloseKey& key) const;
  // Of one program, by period, after `after`.
  static const std::vector<FilterField>& FilterFields();  // close_time
  absl::StatusOr<std::vector<PeriodClose>> List(mysql::Transaction& sql, std::string_view program,
                                                std::string_view after, const SqlPredicate& where, int limit) const;

  absl::StatusOr<std::vector<StatedTotal>> Totals(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
