#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/rules/overclaimed_lot.h"

namespace tributary::conflict {

// What came to the channel and was sold of lots. Stateless and thread-safe.
class LotStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<LotFlow>& flows) const;
  // The lots (product and code) that these facts, by name, are about.
  using Lots = std::set<std::pair<std::string, std::string>>;
  absl::StatusOr<Lots> Of(mysql::Transaction& sql, const std::set<std::string>& sources) const;
  // Of which some were sold on these days. Reads all that was sold on them.
  absl::StatusOr<Lots> SoldIn(mysql::Transaction& sql, const DateRange& days) const;
  // What is told of a lot: all that was not reversed.
  absl::StatusOr<LotTotals> TotalsOf(mysql::Transaction& sql, const std::string& product, const std::string& lot) const;
};

}  // namespace tributary::conflict
