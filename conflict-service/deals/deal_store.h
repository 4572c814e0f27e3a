#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class DealStore {
 public:
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Deal& deal) const;
  // NOT_FOUND.
  absl::StatusOr<Deal> Get(mysql::Transaction& sql, std::string_view name) const;
  // As Get; nobody else changes it until the transaction ends.
  absl::StatusOr<Deal> GetForUpdate(mysql::Transaction& sql, std::string_view name) const;
  // Stores state, version and update_time of a deal that was read for update.
  absl::Status UpdateState(mysql::Transaction& sql, const Deal& deal) const;
  // By partner and name, those after `after`; of one partner, or of all where `partner` is empty.
  absl::StatusOr<std::vector<Deal>> List(mysql::Transaction& sql, std::string_view partner, const SqlPredicate& filter,
                                         std::string_view after, int limit) const;
  // What lists may be filtered by.
  static const std::vector<FilterField>& Fields();

  // SUBMITTED deals whose customers have the key of one of these.
  absl::StatusOr<std::vector<Deal>> SubmittedLike(mysql::Transaction& sql, const std::vector<Deal>& deals) const;
  // SUBMITTED deals that name one of these regions itself.
  absl::StatusOr<std::vector<Deal>> SubmittedIn(mysql::Transaction& sql, const std::set<std::string>& regions) const;
};

}  // namespace tributary::conflict
