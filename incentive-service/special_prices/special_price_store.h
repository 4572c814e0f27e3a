#pragma once

// Special prices in the database. Each call works in the caller's transaction. Who reads one for update has its row
// until the transaction ends (order of locks: budgets/budget_store.h, in the place of the request).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/special_prices/special_price.h"

namespace tributary::incentive {

class SpecialPriceStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<SpecialPriceAuthorization> Get(mysql::Transaction& sql, std::string_view partner,
                                                std::string_view id) const;
  absl::StatusOr<SpecialPriceAuthorization> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                         std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, product, end_customer, sale_from, sale_to,
                                                          // claim_deadline
  absl::StatusOr<std::vector<SpecialPriceAuthorization>> List(mysql::Transaction& sql,
                                                              const std::optional<std::string>& partner,
                                                              std::string_view after_partner, std::string_view after_id,
                                                              const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const SpecialPriceAuthorization& authorization) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const SpecialPriceAuthorization& authorization) const;
};

}  // namespace tributary::incentive
