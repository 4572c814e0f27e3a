#include "incentive-service/statements/carried_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status InsertCarried(mysql::Transaction& sql, const std::vector<CarriedRow>& rows) {
  mysql::Values values;
  for (const CarriedRow& row : rows) {
    int64_t place = 0;
    for (const PeriodSum& sum : row.carried.periods) {
      values.insert(values.end(),
                    {row.partner, row.number, row.ordinal, ++place, sum.period, sum.amount, sum.quantity});
    }
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO statement_carried (partner, number, ordinal, place, period, amount, quantity) VALUES", 7, values);
}

absl::Status ReadCarried(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                         const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, number, ordinal, period, amount, quantity FROM statement_carried "
                                    "WHERE (",
                                    where, ") ORDER BY place"),
                             values));
  for (const mysql::Row& row : rows) {
    StatementEntry& entry = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1);
    entry.pricing.carried.Add({row.Text(3), row.Dec(4), row.Dec(5)});
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
