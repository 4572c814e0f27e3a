#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class PriceRuleStore {
 public:
  // The first version. ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const PriceRule& rule) const;
  // The next version, which holds from now on; under the locks of the rules.
  absl::Status Add(mysql::Transaction& sql, const PriceRule& rule) const;

  // Each in its latest version.
  // NOT_FOUND.
  absl::StatusOr<PriceRule> Get(mysql::Transaction& sql, std::string_view name) const;
  // By name, those after `after`.
  absl::StatusOr<std::vector<PriceRule>> List(mysql::Transaction& sql, const SqlPredicate& filter,
                                              std::string_view after, int limit) const;
  static const std::vector<FilterField>& Fields();
  absl::StatusOr<std::vector<PriceRule>> Of(mysql::Transaction& sql, const std::set<std::string>& products) const;
  absl::StatusOr<std::vector<PriceRule>> All(mysql::Transaction& sql) const;
  // The products whose cuts are looked at.
  absl::StatusOr<std::set<std::string>> Followed(mysql::Transaction& sql) const;

  // The rule's versions below `before`, the last first.
  absl::StatusOr<std::vector<PriceRule>> Versions(mysql::Transaction& sql, std::string_view name, int64_t before,
                                                  int limit) const;
};

}  // namespace tributary::conflict
