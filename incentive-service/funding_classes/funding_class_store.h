#pragma once

// Funding classes in the database. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/funding_classes/funding_class.h"

namespace tributary::incentive {

class FundingClassStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<FundingClass> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<FundingClass> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // By id, after `after`.
  static const std::vector<FilterField>& FilterFields();  // create_time, end_time
  absl::StatusOr<std::vector<FundingClass>> List(mysql::Transaction& sql, std::string_view after,
                                                 const SqlPredicate& where, int limit) const;
  // Also those that have ended.
  absl::StatusOr<std::vector<FundingClass>> All(mysql::Transaction& sql) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const FundingClass& funding_class) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const FundingClass& funding_class) const;
};

}  // namespace tributary::incentive
