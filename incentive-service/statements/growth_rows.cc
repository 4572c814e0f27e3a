#include "incentive-service/statements/growth_rows.h"

#include <iterator>
#include <sstream>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status InsertBaselines(mysql::Transaction& sql, const std::vector<GrowthRow>& rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::string> texts;  // they outlive the statement
  texts.reserve(2 * rows.size());
  mysql::Values values;
  for (const auto& [partner, number, ordinal, baseline] : rows) {
    const std::string& amount = texts.emplace_back(baseline.amount.ToString());
    const GrowthFacts& facts = baseline.facts;
    const std::string& predecessors = texts.emplace_back(StrJoin(facts.predecessors, " "));
    values.insert(values.end(), {partner, number, ordinal, facts.reference, facts.reference_days, facts.active_days,
                                 static_cast<int>(baseline.outcome), amount, predecessors});
  }
  return sql.InsertRows(
      "INSERT INTO statement_growth (partner, number, ordinal, reference, reference_days, active_days, outcome, "
      "baseline, predecessors) VALUES",
      9, values);
}

absl::Status ReadBaselines(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                           const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, number, ordinal, reference, reference_days, active_days, outcome, "
                                    "baseline, predecessors FROM statement_growth WHERE ",
                                    where),
                             values));
  for (const mysql::Row& row : rows) {
    Baseline baseline{.facts = {.reference = row.Dec(3), .reference_days = row.Int(4), .active_days = row.Int(5)},
                      .outcome = static_cast<GrowthOutcome>(row.Int(6))};
    ASSIGN_OR_RETURN(baseline.amount, Rational::Parse(row.Text(7)));
    std::istringstream predecessors(row.Text(8));
    baseline.facts.predecessors.assign(std::istream_iterator<std::string>(predecessors),
                                       std::istream_iterator<std::string>());
    statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing.baseline = std::move(baseline);
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
