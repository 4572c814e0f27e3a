#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/conflict_rules/diversion_policy.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class DiversionPolicyStore {
 public:
  // The one that holds; before the first change the built-in one.
  absl::StatusOr<DiversionPolicy> Current(mysql::Transaction& sql) const;
  // Stored versions below `before`, the last first, and the built-in one after them.
  absl::StatusOr<std::vector<DiversionPolicy>> Versions(mysql::Transaction& sql, int64_t before, int limit) const;
  // A version of its own; under the lock of the rule.
  absl::Status Add(mysql::Transaction& sql, const DiversionPolicy& policy) const;
};

}  // namespace tributary::conflict
