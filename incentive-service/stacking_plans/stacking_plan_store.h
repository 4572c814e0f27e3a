#pragma once

// Stacking plans in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/stacking_plans/declared_plan.h"

namespace tributary::incentive {

class StackingPlanStore {
 public:
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const DeclaredPlan& plan) const;
  // NOT_FOUND.
  absl::StatusOr<DeclaredPlan> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it until this transaction ends.
  absl::StatusOr<DeclaredPlan> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // Stores the next version of one read by GetForUpdate.
  absl::Status Update(mysql::Transaction& sql, const DeclaredPlan& plan) const;

  // By id, after `after`.
  static const std::vector<FilterField>& FilterFields();  // state, effective_from
  absl::StatusOr<std::vector<DeclaredPlan>> List(mysql::Transaction& sql, std::string_view after,
                                                 const SqlPredicate& where, int limit) const;

  // The members' periods within the plan's days are the plan's from now on. The caller holds the lock of the program
  // set. VALIDITY_OVERLAP where a member is in another plan on some of them.
  absl::Status Join(mysql::Transaction& sql, const DeclaredPlan& plan) const;
  // The plan's days have another end.
  absl::Status Leave(mysql::Transaction& sql, const DeclaredPlan& plan) const;
  // The plan that has the program on the day, if any.
  absl::StatusOr<std::optional<DeclaredPlan>> PlanOf(mysql::Transaction& sql, std::string_view program, Date day) const;
};

}  // namespace tributary::incentive
