#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/conflict_rules/back_test.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class PastFindingStore {
 public:
  // The findings of a kind, withdrawn ones too, of what happened on these days or is shared on one of them; where
  // `about` is not empty, those with this subject.
  absl::StatusOr<std::vector<PastFinding>> In(mysql::Transaction& sql, FindingKind kind, const DateRange& days,
                                              std::string_view about) const;
};

}  // namespace tributary::conflict
