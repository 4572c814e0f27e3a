#pragma once

// Budgets and allocations in the database. Each call works in the caller's transaction; who reads one for update has
// its row until the transaction ends. Rows are locked in this order: budget, allocation, request, claim, wallet.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/budgets/budget.h"

namespace tributary::incentive {

class BudgetStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Budget> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<Budget> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // By id, after `after`.
  static const std::vector<FilterField>& FilterFields();  // currency, effective_from, effective_to
  absl::StatusOr<std::vector<Budget>> List(mysql::Transaction& sql, std::string_view after, const SqlPredicate& where,
                                           int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const Budget& budget) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const Budget& budget) const;

  // The same of allocations.
  absl::StatusOr<FundAllocation> GetAllocation(mysql::Transaction& sql, std::string_view partner,
                                               std::string_view id) const;
  absl::StatusOr<FundAllocation> GetAllocationForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view id) const;
  static const std::vector<FilterField>& AllocationFilterFields();  // budget
  absl::StatusOr<std::vector<FundAllocation>> ListAllocations(mysql::Transaction& sql,
                                                              const std::optional<std::string>& partner,
                                                              std::string_view after_partner, std::string_view after_id,
                                                              const SqlPredicate& where, int limit) const;
  absl::Status InsertAllocation(mysql::Transaction& sql, const FundAllocation& allocation) const;
  absl::Status UpdateAllocation(mysql::Transaction& sql, const FundAllocation& allocation) const;

  // How often the books disagree: budgets whose allocations do not sum to what is allocated, or to more than they have;
  // allocations and requests likewise. 0 at all times. Reads everything.
  absl::StatusOr<int64_t> Mismatches(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
