#include "incentive-service/statements/stacking_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"

namespace tributary::incentive {

absl::Status InsertStackings(mysql::Transaction& sql, const std::vector<StackingRow>& rows, std::string_view currency) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::string> texts;  // they outlive the statement
  texts.reserve(rows.size());
  mysql::Values values;
  for (const StackingRow& row : rows) {
    const std::string& text = texts.emplace_back(ToProto(row.stacking, row.partner, currency).SerializeAsString());
    values.insert(values.end(), {row.partner, row.number, row.ordinal, text});
  }
  return sql.InsertRows("INSERT INTO statement_entry_stacking (partner, number, ordinal, stacked) VALUES", 4, values);
}

absl::Status ReadStackings(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                           const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, number, ordinal, stacked FROM statement_entry_stacking WHERE ", where),
                values));
  for (const mysql::Row& row : rows) {
    Statement& statement = *statements.at({row.Bytes(0), row.Int(1)});
    v1::StackedValue message;
    if (!message.ParseFromString(row.Text(3))) {
      return Error(Reason::kInternal, StrCat(statement.name(), ": a stacked value cannot be read"));
    }
    for (StatementEntry& entry : statement.entries) {
      if (entry.ordinal != row.Int(2)) continue;
      ASSIGN_OR_RETURN(entry.stacking, FromProto(message, statement.partner));
      entry.stacking->bases.quantity = Rational(entry.pricing.quantity);
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
