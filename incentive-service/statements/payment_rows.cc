#include "incentive-service/statements/payment_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status InsertLastPayment(mysql::Transaction& sql, const Statement& statement) {
  const StatementPayment& last = statement.payments.back();
  return sql
      .Execute(
          "INSERT INTO statement_payment (partner, number, ordinal, payee, amount, paid_on) VALUES (?, ?, ?, ?, ?, ?)",
          {statement.partner, statement.number, static_cast<int64_t>(statement.payments.size()), last.payee,
           last.amount, last.day})
      .status();
}

absl::Status ReadPayments(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                          const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, number, payee, amount, paid_on FROM statement_payment WHERE ",
                                    where, " ORDER BY partner, number, ordinal"),
                             values));
  for (const mysql::Row& row : rows) {
    statements.at({row.Bytes(0), row.Int(1)})->payments.push_back({row.Text(2), row.Int(3), row.Day(4)});
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
