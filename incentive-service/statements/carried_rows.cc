#include "incentive-service/statements/carried_rows.h"

#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kBalances = "openingBalances/";

// A view of the volume's own text.
std::string_view BalanceIdOf(const OpeningVolume& opening) {
  return std::string_view(opening.balance).substr(kBalances.size());
}

}  // namespace

absl::Status InsertCarried(mysql::Transaction& sql, const std::vector<CarriedRow>& rows) {
  mysql::Values values;
  for (const CarriedRow& row : rows) {
    int64_t place = 0;
    for (const PeriodSum& sum : row.carried.periods) {
      values.insert(values.end(),
                    {row.partner, row.number, row.ordinal, ++place, sum.period, sum.amount, sum.quantity});
    }
  }
  if (!values.empty()) {
    RETURN_IF_ERROR(sql.InsertRows(
        "INSERT INTO statement_carried (partner, number, ordinal, place, period, amount, quantity) VALUES", 7, values));
  }
  mysql::Values openings;
  for (const CarriedRow& row : rows) {
    const std::optional<OpeningVolume>& opening = row.carried.opening;
    if (!opening.has_value()) continue;
    openings.insert(openings.end(), {row.partner, row.number, row.ordinal, BalanceIdOf(*opening), opening->document,
                                     opening->amount, opening->quantity, opening->paid});
  }
  if (openings.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO statement_opening (partner, number, ordinal, opening_balance, document, amount, quantity, paid) "
      "VALUES",
      8, openings);
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
  ASSIGN_OR_RETURN(
      const mysql::Rows openings,
      sql.Query(StrCat("SELECT partner, number, ordinal, opening_balance, document, amount, quantity, paid FROM "
                       "statement_opening WHERE (",
                       where, ")"),
                values));
  for (const mysql::Row& row : openings) {
    StatementEntry& entry = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1);
    entry.pricing.carried.opening = OpeningVolume{.balance = StrCat(kBalances, row.Text(3)),
                                                  .document = row.Text(4),
                                                  .amount = row.Dec(5),
                                                  .quantity = row.Dec(6),
                                                  .paid = row.Int(7)};
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
