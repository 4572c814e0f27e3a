#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/rules/duplicate_sale.h"

namespace tributary::conflict {

// What sales are of, by which two sales of the same goods are found. Stateless and thread-safe.
class SaleKeyStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<KeyedSale>& keyed) const;
  // Hashes of the keys of these sales.
  absl::StatusOr<std::set<std::string>> HashesOf(mysql::Transaction& sql, const std::set<std::string>& sales) const;
  // The sales with keys that state the lines of these (LineOf), these among them.
  absl::StatusOr<std::set<std::string>> StatementsOf(mysql::Transaction& sql, const std::set<std::string>& sales) const;
  // Hashes of the keys that more than one partner names, of which a sale is of these days. Reads all sales of the days.
  absl::StatusOr<std::set<std::string>> SharedIn(mysql::Transaction& sql, const DateRange& days) const;
  // Called with all sales of each of these keys that more than one partner names.
  using Visitor = absl::FunctionRef<void(const std::vector<KeyedSale>&)>;
  absl::Status Shared(mysql::Transaction& sql, const std::set<std::string>& hashes, Visitor visit) const;
};

}  // namespace tributary::conflict
