#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/conflict_rules/back_test.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class PastFindingStore {
 public:
  // The findings of a kind, withdrawn ones too, of what happened on these days or is shared on one of them.
  absl::StatusOr<std::vector<PastFinding>> In(mysql::Transaction& sql, FindingKind kind, const DateRange& days) const;
};

}  // namespace tributary::conflict
