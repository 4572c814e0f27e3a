#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// The vendor's own sales, kept from the feed. Whether one is reversed is asked when it is read. Stateless and
// thread-safe.
class DirectSaleStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<DirectSale>& sales) const;

  // Called with some sales at a time; rows that are reversals or returns come too.
  using Visitor = absl::FunctionRef<absl::Status(const std::vector<DirectSale>&)>;
  // The sales with these names, where they are known.
  absl::Status Named(mysql::Transaction& sql, const std::set<std::string>& names, Visitor visit) const;
  // All sales of these days in these regions (named by the sale itself).
  absl::Status In(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& time,
                  Visitor visit) const;
};

}  // namespace tributary::conflict
