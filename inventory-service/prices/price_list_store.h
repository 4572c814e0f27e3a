#pragma once

// Price lists in the database.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/prices/price.h"

namespace tributary::inventory {

class PriceListStore {
 public:
  // NOT_FOUND; INACTIVE ones are found.
  absl::StatusOr<PriceList> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same; nobody else changes it until the transaction ends.
  absl::StatusOr<PriceList> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // Those of the ids that are in use.
  absl::StatusOr<std::set<std::string>> InUse(mysql::Transaction& sql, const std::vector<std::string_view>& ids) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const PriceList& list) const;
  // Of one that GetForUpdate read.
  absl::Status Update(mysql::Transaction& sql, const PriceList& list) const;
  // By id, after `after`.
  absl::StatusOr<std::vector<PriceList>> List(mysql::Transaction& sql, std::string_view after, bool show_deleted,
                                              const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
