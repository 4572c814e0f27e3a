#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// What was sold, beside SaleStore, which knows where and whether it was reversed. Stateless and thread-safe.
class SoldStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status Put(mysql::Transaction& sql, const std::vector<SoldGoods>& sold) const;

  // Sales and returns of the product by these partners that stand and count on these days.
  absl::StatusOr<std::vector<SoldUnits>> Of(mysql::Transaction& sql, const std::string& product,
                                            const std::set<std::string>& partners, const DateRange& days) const;
};

}  // namespace tributary::conflict
