#include "conflict-service/cases/case_deadlines_store.h"

#include <limits>
#include <string>

#include "absl/strings/numbers.h"
#include "common/status/status.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {

absl::StatusOr<CaseDeadlines> CaseDeadlinesStore::Current(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const std::vector<CaseDeadlines> last, Versions(sql, std::numeric_limits<int64_t>::max(), 1));
  return last.front();
}

absl::StatusOr<std::vector<CaseDeadlines>> CaseDeadlinesStore::Versions(mysql::Transaction& sql, int64_t before,
                                                                        int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT version, update_time, low_triage_days, low_resolve_days, low_close_days, medium_triage_days, "
                "medium_resolve_days, medium_close_days, high_triage_days, high_resolve_days, high_close_days, "
                "escalation_roles FROM case_deadlines WHERE version < ? ORDER BY version DESC LIMIT ?",
                {before, limit}));
  std::vector<CaseDeadlines> versions;
  for (const mysql::Row& row : rows) {
    CaseDeadlines deadlines;
    deadlines.version = row.Int(0);
    deadlines.update_time = row.Instant(1);
    for (size_t i = 0; i < deadlines.days.size(); ++i) {
      deadlines.days[i] = {static_cast<int>(row.Int(2 + 3 * i)), static_cast<int>(row.Int(3 + 3 * i)),
                           static_cast<int>(row.Int(4 + 3 * i))};
    }
    deadlines.roles.clear();
    for (const std::string& line : SplitLines(row.Bytes(11))) {
      int role = 0;
      if (absl::SimpleAtoi(line, &role)) deadlines.roles.push_back(static_cast<StaffRole>(role));
    }
    versions.push_back(std::move(deadlines));
  }
  if (before > 0 && versions.size() < static_cast<size_t>(limit)) versions.emplace_back();
  return versions;
}

absl::Status CaseDeadlinesStore::Add(mysql::Transaction& sql, const CaseDeadlines& deadlines) const {
  std::vector<std::string> roles;
  for (const StaffRole role : deadlines.roles) roles.push_back(std::to_string(static_cast<int>(role)));
  const std::string lines = JoinLines(roles);
  mysql::Values values = {deadlines.version, deadlines.update_time};
  for (const StepDays& of : deadlines.days) {
    values.insert(values.end(), {of.triage, of.resolve, of.close});
  }
  values.emplace_back(lines);
  ASSIGN_OR_RETURN(
      const bool made,
      sql.TryInsert("INSERT INTO case_deadlines (version, update_time, low_triage_days, low_resolve_days, "
                    "low_close_days, medium_triage_days, medium_resolve_days, medium_close_days, high_triage_days, "
                    "high_resolve_days, high_close_days, escalation_roles) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values));
  return made ? absl::OkStatus() : sql.RunAgain("another change of the deadlines came before");
}

}  // namespace tributary::conflict
