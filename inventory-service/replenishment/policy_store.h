#pragma once

// Replenishment policies in the database.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/replenishment/policy.h"

namespace tributary::inventory {

class ReplenishmentPolicyStore {
 public:
  // ALREADY_EXISTS where the partner has one of that id, or one for that product at that site; the error names it.
  absl::Status Insert(mysql::Transaction& sql, const ReplenishmentPolicy& policy) const;
  // NOT_FOUND.
  absl::StatusOr<ReplenishmentPolicy> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<ReplenishmentPolicy> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view id) const;
  // Replaces what GetForUpdate read.
  absl::Status Update(mysql::Transaction& sql, const ReplenishmentPolicy& policy) const;
  // Those of the partner with these ids, or all where there are none given, at most `limit`; by site and product,
  // locked.
  absl::StatusOr<std::vector<ReplenishmentPolicy>> FindForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                                 const std::vector<std::string_view>& ids,
                                                                 int limit) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<ReplenishmentPolicy>> List(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view after_partner, std::string_view after_id,
                                                        const SqlPredicate& filter, int limit) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
