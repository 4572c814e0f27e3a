#include "conflict-service/conflict_rules/past_finding_store.h"

#include <string>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {

absl::StatusOr<std::vector<PastFinding>> PastFindingStore::In(mysql::Transaction& sql, FindingKind kind,
                                                              const DateRange& days, std::string_view about) const {
  mysql::Values values = {static_cast<int>(kind), days.start, days.end, days.end, days.start};
  std::string is_about;
  if (!about.empty()) {
    is_about = "AND EXISTS (SELECT 1 FROM finding_subject s WHERE s.subject = ? AND s.finding = f.id) ";
    values.emplace_back(about);
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT f.id, f.state, c.state, c.outcome FROM finding f JOIN conflict_case c ON c.id = f.id "
                       "WHERE f.kind = ? AND (c.occurred_on >= ? AND c.occurred_on < ? OR c.occurred_on IS NULL "
                       "AND f.shared_from < ? AND f.shared_to > ?) ",
                       is_about, "ORDER BY f.id"),
                values));
  std::vector<PastFinding> past;
  for (const mysql::Row& row : rows) {
    const bool closed = static_cast<CaseState>(row.Int(2)) == CaseState::kClosed;
    past.push_back({.id = row.Text(0),
                    .open = static_cast<FindingState>(row.Int(1)) == FindingState::kOpen,
                    .outcome = closed ? static_cast<Outcome>(row.Int(3)) : Outcome::kNone});
  }
  return past;
}

}  // namespace tributary::conflict
