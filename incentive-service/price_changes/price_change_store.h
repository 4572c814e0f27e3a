#pragma once

// Price changes in the database. Each call works in the caller's transaction. Who reads one for update has its row
// until the transaction ends (order of locks: budgets/budget_store.h, in the place of the request).

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/price_changes/price_change.h"

namespace tributary::incentive {

class PriceChangeStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<PriceChange> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<PriceChange> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // By id, after `after`.
  static const std::vector<FilterField>& FilterFields();  // state, product, effective_date
  absl::StatusOr<std::vector<PriceChange>> List(mysql::Transaction& sql, std::string_view after,
                                                const SqlPredicate& where, int limit) const;
  // Those of the product that are announced.
  absl::StatusOr<std::vector<PriceChange>> AnnouncedOf(mysql::Transaction& sql, std::string_view product) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const PriceChange& change) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const PriceChange& change) const;
};

}  // namespace tributary::incentive
