#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/deals/deal_limits.h"

namespace tributary::conflict {

// Thread-safe.
class DealLimitsStore {
 public:
  // `built_in` is version 0.
  explicit DealLimitsStore(DealLimits built_in = {}) : built_in_(std::move(built_in)) {}

  // Those that hold; before the first change the built-in ones.
  absl::StatusOr<DealLimits> Current(mysql::Transaction& sql) const;
  // Stored versions below `before`, the last first, and the built-in one after them.
  absl::StatusOr<std::vector<DealLimits>> Versions(mysql::Transaction& sql, int64_t before, int limit) const;
  // A version of its own; under the lock of the deals.
  absl::Status Add(mysql::Transaction& sql, const DealLimits& limits) const;

 private:
  const DealLimits built_in_;
};

}  // namespace tributary::conflict
