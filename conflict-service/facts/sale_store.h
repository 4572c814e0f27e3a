#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// From the first day that there is.
inline DateRange EveryDay() { return {*Date::FromYmd(1900, 1, 1), OpenEnd()}; }

// Called with some sales at a time; rows that are reversals or returns come too.
using SalesVisitor = absl::FunctionRef<absl::Status(const std::vector<Sale>&)>;

// Sell-through rows, kept from the feed. Whether a sale is reversed is asked when it is read, so that the order of row
// and reversal leaves no trace. Stateless and thread-safe.
class SaleStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<Sale>& sales) const;

  // The sales with these names, where they are known.
  absl::Status Named(mysql::Transaction& sql, const std::set<std::string>& names, SalesVisitor visit) const;
  // All sales of these partners.
  absl::Status Of(mysql::Transaction& sql, const std::set<std::string>& partners, SalesVisitor visit) const;
  // All sales of these days in these regions (named by the sale itself).
  absl::Status In(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& days,
                  SalesVisitor visit) const;
  // All sales of these days. Reads all that there are.
  absl::Status On(mysql::Transaction& sql, const DateRange& days, SalesVisitor visit) const;
};

}  // namespace tributary::conflict
