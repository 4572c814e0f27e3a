#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/mass_balances/mass_balance.h"

namespace tributary::conflict {

// The balances that were asked for, and those that findings by units alone are about. Stateless and thread-safe.
class MassBalanceStore {
 public:
  // Keeps it, unless it is kept already; one that was asked for once stays so. Answers what is kept.
  absl::StatusOr<KeptBalance> Keep(mysql::Transaction& sql, const KeptBalance& balance) const;
  // NOT_FOUND.
  absl::StatusOr<KeptBalance> Get(mysql::Transaction& sql, std::string_view id) const;
  // By id, those after `after`.
  absl::StatusOr<std::vector<KeptBalance>> List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                std::string_view after, int limit) const;
  static const std::vector<FilterField>& Fields();

  // Of this product, asked for or not.
  absl::StatusOr<std::vector<BalanceKey>> OfProduct(mysql::Transaction& sql, const std::string& product) const;
  // Those that were asked for: of these products.
  absl::StatusOr<std::vector<BalanceKey>> AskedOf(mysql::Transaction& sql, const std::set<std::string>& products) const;
  // And of which product a unit was seen anywhere: the ones that depend on regions and grants.
  absl::StatusOr<std::vector<BalanceKey>> AskedWithUnits(mysql::Transaction& sql) const;
  absl::StatusOr<std::vector<BalanceKey>> Asked(mysql::Transaction& sql) const;
};

}  // namespace tributary::conflict
