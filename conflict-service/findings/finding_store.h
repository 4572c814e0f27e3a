#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class FindingStore {
 public:
  // Waits for and holds the locks of these rules until the transaction ends, in the order of the kinds. Before the
  // facts are looked at.
  absl::Status Lock(mysql::Transaction& sql, const std::set<FindingKind>& kinds) const;

  // What Reconcile wants to know: the open findings of these kinds about any of these subjects, and those that the
  // conclusions name, by id.
  absl::StatusOr<std::map<std::string, Finding>> About(mysql::Transaction& sql, const std::set<FindingKind>& kinds,
                                                       const std::set<std::string>& subjects,
                                                       const std::vector<Conclusion>& conclusions) const;
  absl::Status Save(mysql::Transaction& sql, const std::vector<FindingChange>& changes) const;

  // NOT_FOUND.
  absl::StatusOr<Finding> Get(mysql::Transaction& sql, std::string_view id) const;
  // By id, those after `after`; withdrawn ones only where asked for.
  absl::StatusOr<std::vector<Finding>> List(mysql::Transaction& sql, const SqlPredicate& filter, bool withdrawn_too,
                                            std::string_view after, int limit) const;
  // What lists may be filtered by.
  static const std::vector<FilterField>& Fields();

  // How many are open; kinds without one are left out.
  absl::StatusOr<std::map<FindingKind, int64_t>> CountOpen(mysql::Transaction& sql) const;
};

}  // namespace tributary::conflict
