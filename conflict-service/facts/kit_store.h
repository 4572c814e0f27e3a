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

// What kits consist of. Stateless and thread-safe.
class KitStore {
 public:
  // In the place of all that each consisted of, the later of one product last.
  absl::Status Put(mysql::Transaction& sql, const std::vector<KitFact>& kits) const;

  // The components of all kits that hold the product, be it through other kits, on whatever day.
  absl::StatusOr<std::vector<KitComponent>> Above(mysql::Transaction& sql, const std::string& product) const;
  // The products that these consist of, on whatever day, through all kits; without those that are none.
  absl::StatusOr<std::set<std::string>> Below(mysql::Transaction& sql, const std::set<std::string>& products) const;
  // Whether the product is a kit on any of these days.
  absl::StatusOr<bool> IsKit(mysql::Transaction& sql, const std::string& product, const DateRange& days) const;
};

}  // namespace tributary::conflict
