#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// Called with some sales at a time.
using SalesVisitor = absl::FunctionRef<absl::Status(const std::vector<Sale>&)>;

// Sell-through rows, kept from the feed. Whether a sale is reversed is asked when it is read, so that the order of row
// and reversal leaves no trace. Stateless and thread-safe.
class SaleStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<Sale>& sales) const;

  // Each of these answers whole chunks; rows that are reversals or returns come too.
  // The sales with these names, where they are known.
  absl::Status Named(mysql::Transaction& sql, const std::set<std::string>& names, SalesVisitor visit) const;
  // All sales of these partners.
  absl::Status Of(mysql::Transaction& sql, const std::set<std::string>& partners, SalesVisitor visit) const;
  // All sales in these regions (named by the sale itself).
  absl::Status In(mysql::Transaction& sql, const std::set<std::string>& regions, SalesVisitor visit) const;
};

}  // namespace tributary::conflict
