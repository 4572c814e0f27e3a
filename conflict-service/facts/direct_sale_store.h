#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/facts/sale_store.h"

namespace tributary::conflict {

// The vendor's own sales, kept from the feed. Whether one is reversed is asked when it is read. Stateless and
// thread-safe.
class DirectSaleStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<Sale>& sales) const;

  // The sales with these names, where they are known.
  absl::Status Named(mysql::Transaction& sql, const std::set<std::string>& names, SalesVisitor visit) const;
  // All sales of these days in these regions (named by the sale itself).
  absl::Status In(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& time,
                  SalesVisitor visit) const;
  // All sales of these days. Reads all that there are.
  absl::Status On(mysql::Transaction& sql, const DateRange& days, SalesVisitor visit) const;
};

}  // namespace tributary::conflict
