#pragma once

// Supplies and promises in the database. Who promises, or takes supply back, has locked the products, in order.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/supply/availability.h"

namespace tributary::inventory {

class SupplyStore {
 public:
  // Nobody else promises of these until the transaction ends; products that are not there are left out.
  absl::Status Lock(mysql::Transaction& sql, const std::set<std::string>& products) const;
  absl::StatusOr<SupplyBook> BookOf(mysql::Transaction& sql, std::string_view product) const;
  // Units shipped on lines that name an order.
  absl::StatusOr<Decimal> ShippedOf(mysql::Transaction& sql, std::string_view product) const;

  absl::StatusOr<Supply> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<std::vector<Supply>> List(mysql::Transaction& sql, std::string_view after, const SqlPredicate& filter,
                                           int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const Supply& supply) const;

  absl::StatusOr<std::vector<Promise>> PromisesOf(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view order, const std::set<std::string>& products) const;
  // The products of which something is promised for the order: those of its lines, and parts of kits.
  absl::StatusOr<std::set<std::string>> PromisedTo(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view order) const;
  // Adds to what is promised.
  absl::Status AddPromises(mysql::Transaction& sql, const std::vector<Promise>& promises) const;
  // Sets what is promised; zero takes the row out.
  absl::Status SetPromises(mysql::Transaction& sql, const std::vector<Promise>& promises) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
