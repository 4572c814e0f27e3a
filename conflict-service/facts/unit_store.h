#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// Single units: to whom they were shipped, and where they were seen. Stateless and thread-safe.
class UnitStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status PutShipped(mysql::Transaction& sql, const std::vector<ShippedUnits>& shipped) const;

  // Stores scans and answers how many are new; one that is known with the same content, also from the same list, is
  // not. ROW_CONFLICT: known with other content; nothing is stored then.
  absl::StatusOr<int> PutScans(mysql::Transaction& sql, const std::vector<Scan>& scans) const;

  // The product's scans in the period, each with the partner to whom the unit was shipped last until that day. Units
  // that were never shipped, or went back, are left out. By the scan's name.
  absl::StatusOr<std::vector<SeenUnit>> Seen(mysql::Transaction& sql, const std::string& product,
                                             const DateRange& period) const;
};

}  // namespace tributary::conflict
