#pragma once

// SPIFFs in the database. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/spiffs/spiff.h"

namespace tributary::incentive {

class SpiffStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Spiff> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<Spiff> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // By id, after `after`; drafts too, or not.
  static const std::vector<FilterField>& FilterFields();  // state, product, sale_from, sale_to, claim_deadline
  absl::StatusOr<std::vector<Spiff>> List(mysql::Transaction& sql, bool drafts, std::string_view after,
                                          const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const Spiff& spiff) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const Spiff& spiff) const;
};

}  // namespace tributary::incentive
