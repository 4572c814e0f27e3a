#pragma once

#include <cstdint>
#include <optional>
#include <set>
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

  // Partners that had to do with products/{product} on some of these days, by what else is told of them: they sold of
  // it, were shipped or took over known units of it, or were reconciled for days that meet these. Of a lot: without
  // what is of other lots; a sale may be of any.
  absl::StatusOr<std::set<std::string>> Handling(mysql::Transaction& sql, const std::string& product,
                                                 const std::optional<std::string>& lot, const DateRange& days) const;

  // How many partners were reconciled for exactly these days, of a lot for that lot; never fewer than before.
  absl::StatusOr<int64_t> CountReconciled(mysql::Transaction& sql, const std::string& product,
                                          const std::optional<std::string>& lot, Date from, Date to) const;

  // Of products/{product} in that period, of all partners and lots, by name.
  absl::StatusOr<std::vector<ReconciledGap>> Of(mysql::Transaction& sql, const std::string& product, Date from,
                                                Date to) const;
};

}  // namespace tributary::conflict
