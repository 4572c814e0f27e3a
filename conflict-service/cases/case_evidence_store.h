#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "conflict-service/cases/case_evidence.h"

namespace tributary::conflict {

// The evidence of cases: records are added and never changed. Stateless and thread-safe.
class CaseEvidenceStore {
 public:
  // A new record of each of these cases (by id), which nobody else changes until the transaction ends.
  absl::Status Add(mysql::Transaction& sql, const std::vector<std::pair<std::string, const Conclusion*>>& concluded,
                   absl::Time now) const;

  // Erases the values that name customers of these keys (CustomerKey, deals/deal.h), with their salts; their seals
  // stay. Answers the cases (by id) in whose evidence there were any.
  absl::StatusOr<std::set<std::string>> Erase(mysql::Transaction& sql,
                                              const std::set<std::string>& customer_keys) const;

  // NOT_FOUND.
  absl::StatusOr<CaseEvidence> Get(mysql::Transaction& sql, std::string_view case_id, int64_t number) const;
  // The case's last record; one without lines where there is none.
  absl::StatusOr<CaseEvidence> Last(mysql::Transaction& sql, std::string_view case_id) const;
  // Of a case, by number, those after `after`.
  absl::StatusOr<std::vector<CaseEvidence>> List(mysql::Transaction& sql, std::string_view case_id, int64_t after,
                                                 int limit) const;
};

}  // namespace tributary::conflict
