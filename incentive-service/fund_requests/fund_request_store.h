#pragma once

// Requests for market development funds in the database. Each call works in the caller's transaction; who reads one for
// update has its row until the transaction ends (order of locks: budgets/budget_store.h).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/fund_requests/fund_request.h"

namespace tributary::incentive {

class FundRequestStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<FundRequest> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<FundRequest> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                           std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, activity, fund_allocation, create_time
  absl::StatusOr<std::vector<FundRequest>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                                std::string_view after_partner, std::string_view after_id,
                                                const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const FundRequest& request) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const FundRequest& request) const;
};

}  // namespace tributary::incentive
