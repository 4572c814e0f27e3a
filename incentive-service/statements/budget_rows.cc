#include "incentive-service/statements/budget_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status InsertBudgets(mysql::Transaction& sql, const std::vector<BudgetRow>& rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::string> factors;  // they outlive the statement
  factors.reserve(rows.size());
  mysql::Values values;
  for (const auto& [partner, number, ordinal, steps] : rows) {
    const std::string& factor = factors.emplace_back(FactorText(steps.term.factor));
    values.insert(values.end(), {partner, number, ordinal, steps.asked, steps.share, factor, steps.term.used_up_on});
  }
  return sql.InsertRows(
      "INSERT INTO statement_budget (partner, number, ordinal, asked, share, factor, used_up_on) VALUES", 7, values);
}

absl::Status ReadBudgets(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                         const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, number, ordinal, asked, share, factor, used_up_on FROM statement_budget WHERE ",
                       where),
                values));
  for (const mysql::Row& row : rows) {
    BudgetSteps steps{.asked = row.Int(3), .share = row.Int(4)};
    steps.term.factor = ParseFactorText(row.Text(5));
    if (!row.IsNull(6)) steps.term.used_up_on = row.Day(6);
    statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).budget = steps;
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
