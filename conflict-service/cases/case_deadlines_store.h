#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/cases/case_deadlines.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class CaseDeadlinesStore {
 public:
  // Those that hold; before the first change the built-in ones.
  absl::StatusOr<CaseDeadlines> Current(mysql::Transaction& sql) const;
  // Stored versions below `before`, the last first, and the built-in one after them.
  absl::StatusOr<std::vector<CaseDeadlines>> Versions(mysql::Transaction& sql, int64_t before, int limit) const;
  // The version after the one that was read; another change in the meantime runs the transaction again.
  absl::Status Add(mysql::Transaction& sql, const CaseDeadlines& deadlines) const;
};

}  // namespace tributary::conflict
