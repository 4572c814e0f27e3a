#include "incentive-service/statements/growth_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status InsertBaselines(mysql::Transaction& sql, const std::vector<GrowthRow>& rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::string> texts;  // they outlive the statement
  texts.reserve(rows.size());
  mysql::Values values;
  for (const auto& [partner, number, ordinal, baseline] : rows) {
    const std::string& amount = texts.emplace_back(baseline.amount.ToString());
    const GrowthFacts& facts = baseline.facts;
    values.insert(values.end(), {partner, number, ordinal, facts.reference, facts.reference_days, facts.active_days,
                                 static_cast<int>(baseline.outcome), amount});
  }
  return sql.InsertRows(
      "INSERT INTO statement_growth (partner, number, ordinal, reference, reference_days, active_days, outcome, "
      "baseline) VALUES",
      8, values);
}

absl::Status ReadBaselines(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                           const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, number, ordinal, reference, reference_days, active_days, outcome, "
                                    "baseline FROM statement_growth WHERE ",
                                    where),
                             values));
  for (const mysql::Row& row : rows) {
    Baseline baseline{.facts = {row.Dec(3), row.Int(4), row.Int(5), {}},
                      .outcome = static_cast<GrowthOutcome>(row.Int(6))};
    ASSIGN_OR_RETURN(baseline.amount, Rational::Parse(row.Text(7)));
    statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing.baseline = std::move(baseline);
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
