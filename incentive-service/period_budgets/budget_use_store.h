#pragma once

// Uses of budgets in the database. Each call works in the caller's transaction.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/period_budgets/budget_use.h"

namespace tributary::incentive {

// What all closed periods of programs in one currency have come to; minor units.
struct BudgetTotal {
  std::string currency;
  int64_t budget = 0;
  int64_t used = 0;
  int64_t overrun = 0;
  friend bool operator==(const BudgetTotal&, const BudgetTotal&) = default;
};

class BudgetUseStore {
 public:
  // In the place of what was known of that period. The caller holds the lock of the program set.
  absl::Status Save(mysql::Transaction& sql, const BudgetUse& use) const;
  // What of a period each partner has beyond its share; those alone that have anything.
  absl::StatusOr<std::map<std::string, int64_t>> Overruns(mysql::Transaction& sql, std::string_view program,
                                                          std::string_view period) const;

  // Without grants. nullopt where the period is not closed.
  absl::StatusOr<std::optional<BudgetUse>> Find(mysql::Transaction& sql, std::string_view program,
                                                std::string_view period) const;
  // Of one program, by period, without grants.
  absl::StatusOr<std::vector<BudgetUse>> List(mysql::Transaction& sql, std::string_view program) const;
  // Of one period, by partner.
  absl::StatusOr<std::vector<BudgetGrant>> Grants(mysql::Transaction& sql, std::string_view program,
                                                  std::string_view period) const;

  // By currency, also of those whose programs have no budget.
  absl::StatusOr<std::vector<BudgetTotal>> Totals(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
