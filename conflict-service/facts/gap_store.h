#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// What inventory-service reconciled, kept from its feed: a mass balance reads it and never the books. Stateless and
// thread-safe.
class GapStore {
 public:
  // Of each name the highest revision counts, whatever order they come in; of one revision the last.
  absl::Status Put(mysql::Transaction& sql, const std::vector<ReconciledGap>& gaps) const;

  // Of products/{product} in that period, of all partners and lots, by name.
  absl::StatusOr<std::vector<ReconciledGap>> Of(mysql::Transaction& sql, const std::string& product, Date from,
                                                Date to) const;
};

}  // namespace tributary::conflict
