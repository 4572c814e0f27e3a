#include "incentive-service/statements/clawback_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status InsertClawbacks(mysql::Transaction& sql, const std::vector<ClawbackRow>& rows) {
  if (rows.empty()) return absl::OkStatus();
  mysql::Values values;
  for (const auto& [partner, number, ordinal, steps] : rows) {
    values.insert(values.end(), {partner, number, ordinal, steps.most, steps.stays, steps.waived, steps.waived_before});
  }
  return sql.InsertRows(
      "INSERT INTO statement_clawback (partner, number, ordinal, most, stays, waived, waived_before) VALUES", 7,
      values);
}

absl::Status ReadClawbacks(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                           const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, number, ordinal, most, stays, waived, waived_before FROM statement_clawback "
                       "WHERE ",
                       where),
                values));
  for (const mysql::Row& row : rows) {
    statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).clawback =
        ClawbackSteps{row.Int(3), row.Int(4), row.Int(5), row.Int(6)};
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
