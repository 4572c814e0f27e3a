#include "incentive-service/accruals/accrual_store.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner, program, period, qualifying_amount, line_count, other_currency_lines, stated, update_time "
    "FROM accrual WHERE (line_count <> 0 OR other_currency_lines <> 0) ";

Accrual FromRow(const mysql::Row& row) {
  return {.key = {row.Text(0), row.Text(1), row.Text(2)},
          .qualifying = row.Dec(3),
          .lines = row.Int(4),
          .other_currency_lines = row.Int(5),
          .stated = row.Bool(6),
          .update_time = row.Instant(7)};
}

}  // namespace

absl::Status AccrualStore::Apply(mysql::Transaction& sql, const std::vector<AccrualMove>& moves) const {
  if (moves.empty()) return absl::OkStatus();
  mysql::Values values;
  values.reserve(moves.size() * 9);
  for (const AccrualMove& move : moves) {
    values.insert(values.end(), {move.key.partner, move.key.program, move.key.period, move.period_start,
                                 move.qualifying, move.lines, move.other_currency_lines, 0, move.at});
  }
  return sql.InsertRows(
      "INSERT INTO accrual (partner, program, period, period_start, qualifying_amount, line_count, "
      "other_currency_lines, stated, update_time) VALUES",
      9, values,
      "ON DUPLICATE KEY UPDATE qualifying_amount = qualifying_amount + VALUES(qualifying_amount), "
      "line_count = line_count + VALUES(line_count), "
      "other_currency_lines = other_currency_lines + VALUES(other_currency_lines), "
      "update_time = GREATEST(update_time, VALUES(update_time))");
}

absl::StatusOr<Accrual> AccrualStore::Get(mysql::Transaction& sql, const AccrualKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "AND partner = ? AND program = ? AND period = ?"),
                                                     {key.partner, key.program, key.period}));
  if (rows.empty()) return NotFound(key.name());
  return FromRow(rows.front());
}

const std::vector<FilterField>& AccrualStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("program", "CONCAT('programs/', program)"),
      FilterField::String("period", "period"),
      FilterField::Boolean("stated", "stated"),
  };
  return fields;
}

absl::StatusOr<std::vector<Accrual>> AccrualStore::List(mysql::Transaction& sql,
                                                        const std::optional<std::string>& partner,
                                                        const AccrualKey& after, const SqlPredicate& where,
                                                        int limit) const {
  // Written out, since MariaDB does not search an index by comparing rows.
  std::string text =
      StrCat(kSelect, "AND partner >= ? AND (partner > ? OR program > ? OR (program = ? AND period > ?)) AND (",
             where.sql(), ")");
  mysql::Values values = {after.partner, after.partner, after.program, after.program, after.period};
  values.insert(values.end(), where.values().begin(), where.values().end());
  if (partner.has_value()) {
    text += " AND partner = ?";
    values.push_back(*partner);
  }
  text += " ORDER BY partner, program, period LIMIT ?";
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::vector<Accrual> accruals;
  accruals.reserve(rows.size());
  for (const mysql::Row& row : rows) accruals.push_back(FromRow(row));
  return accruals;
}

absl::Status AccrualStore::MarkStated(mysql::Transaction& sql, std::string_view program, const Period& period) const {
  return sql
      .Execute("UPDATE accrual SET stated = 1 WHERE program = ? AND period_start = ? AND line_count <> 0",
               {program, period.range.start})
      .status();
}

absl::Status AccrualStore::DropFrom(mysql::Transaction& sql, std::string_view program, Date from) const {
  return sql.Execute("DELETE FROM accrual WHERE program = ? AND period_start >= ?", {program, from}).status();
}

absl::StatusOr<std::vector<AccrualTotal>> AccrualStore::Totals(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT p.currency, a.stated, COUNT(*), SUM(a.qualifying_amount) FROM accrual a "
                             "JOIN program p ON p.program = a.program WHERE a.line_count <> 0 "
                             "GROUP BY p.currency, a.stated"));
  std::vector<AccrualTotal> totals;
  totals.reserve(rows.size());
  for (const mysql::Row& row : rows) totals.push_back({row.Text(0), row.Bool(1), row.Int(2), row.Dec(3)});
  return totals;
}

}  // namespace tributary::incentive
