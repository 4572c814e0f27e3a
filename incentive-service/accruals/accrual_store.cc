#include "incentive-service/accruals/accrual_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner, program, period, qualifying_amount, quantity, line_count, foreign_lines, other_currency_lines, "
    "stated, rolled_up, opened, update_time FROM accrual WHERE (line_count <> 0 OR other_currency_lines <> 0 OR "
    "rolled_up = 1 OR opened = 1) ";

Accrual FromRow(const mysql::Row& row) {
  return {
      .key = {row.Text(0), row.Text(1), row.Text(2)},
      .sums = {.amount = row.Dec(3), .quantity = row.Dec(4), .lines = row.Int(5), .other_currency_lines = row.Int(7)},
      .foreign_lines = row.Int(6),
      .stated = row.Bool(8),
      .rolled_up = row.Bool(9),
      .opened = row.Bool(10),
      .update_time = row.Instant(11)};
}

absl::Status ApplyForeign(mysql::Transaction& sql, const std::vector<AccrualMove>& moves) {
  mysql::Values values;
  for (const AccrualMove& move : moves) {
    for (const auto& [key, sum] : move.sums.foreign) {
      values.insert(values.end(), {move.key.partner, move.key.program, move.key.period, key.first, key.second,
                                   move.period_start, sum.amount, sum.lines});
    }
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO accrual_foreign (partner, program, period, currency, rate_date, period_start, amount, line_count) "
      "VALUES",
      8, values,
      "ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount), line_count = line_count + VALUES(line_count)");
}

std::vector<AccrualKey> KeysFrom(const mysql::Rows& rows) {
  std::vector<AccrualKey> keys;
  keys.reserve(rows.size());
  for (const mysql::Row& row : rows) keys.push_back({row.Text(0), row.Text(1), row.Text(2)});
  return keys;
}

// "AND partner = ?", where it is of one.
std::string OfPartner(const std::optional<std::string>& partner, mysql::Values* values) {
  if (!partner.has_value()) return "";
  values->push_back(*partner);
  return " AND partner = ?";
}

}  // namespace

absl::Status AccrualStore::Apply(mysql::Transaction& sql, const std::vector<AccrualMove>& moves) const {
  if (moves.empty()) return absl::OkStatus();
  mysql::Values values;
  values.reserve(moves.size() * 13);
  for (const AccrualMove& move : moves) {
    int64_t foreign_lines = 0;
    for (const auto& [key, sum] : move.sums.foreign) foreign_lines += sum.lines;
    values.insert(values.end(), {move.key.partner, move.key.program, move.key.period, move.period_start,
                                 move.sums.amount, move.sums.quantity, move.sums.lines, foreign_lines,
                                 move.sums.other_currency_lines, 0, move.true_up_due, move.rolled_up, move.at});
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO accrual (partner, program, period, period_start, qualifying_amount, quantity, line_count, "
      "foreign_lines, other_currency_lines, stated, true_up_due, rolled_up, update_time) VALUES",
      13, values,
      "ON DUPLICATE KEY UPDATE qualifying_amount = qualifying_amount + VALUES(qualifying_amount), "
      "quantity = quantity + VALUES(quantity), line_count = line_count + VALUES(line_count), "
      "foreign_lines = foreign_lines + VALUES(foreign_lines), "
      "other_currency_lines = other_currency_lines + VALUES(other_currency_lines), "
      "true_up_due = GREATEST(true_up_due, VALUES(true_up_due)), "
      "rolled_up = GREATEST(rolled_up, VALUES(rolled_up)), "
      "update_time = GREATEST(update_time, VALUES(update_time))"));
  return ApplyForeign(sql, moves);
}

absl::Status AccrualStore::Open(mysql::Transaction& sql, const AccrualKey& key, Date period_start,
                                absl::Time at) const {
  return sql.InsertRows(
      "INSERT INTO accrual (partner, program, period, period_start, qualifying_amount, quantity, line_count, "
      "foreign_lines, other_currency_lines, stated, true_up_due, rolled_up, update_time, opened) VALUES",
      14, {key.partner, key.program, key.period, period_start, Decimal(), Decimal(), 0, 0, 0, 0, 0, 0, at, 1},
      "ON DUPLICATE KEY UPDATE opened = 1, update_time = GREATEST(update_time, VALUES(update_time))");
}

absl::StatusOr<std::map<std::string, AccrualSums>> AccrualStore::Sums(mysql::Transaction& sql, std::string_view program,
                                                                      const DateRange& days,
                                                                      const std::optional<std::string>& partner) const {
  mysql::Values values = {program, days.start, days.end};
  const std::string of_partner = OfPartner(partner, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, SUM(qualifying_amount), SUM(quantity), SUM(line_count), "
                                    "SUM(foreign_lines), SUM(other_currency_lines) FROM accrual WHERE program = ? AND "
                                    "period_start >= ? AND period_start < ?",
                                    of_partner, " GROUP BY partner"),
                             values));
  std::map<std::string, AccrualSums> sums;
  bool foreign = false;
  for (const mysql::Row& row : rows) {
    sums[row.Text(0)] = {
        .amount = row.Dec(1), .quantity = row.Dec(2), .lines = row.Int(3), .other_currency_lines = row.Int(5)};
    foreign = foreign || row.Int(4) != 0;
  }
  if (!foreign) return sums;
  ASSIGN_OR_RETURN(const mysql::Rows parts,
                   sql.Query(StrCat("SELECT partner, currency, rate_date, SUM(amount), SUM(line_count) FROM "
                                    "accrual_foreign WHERE program = ? AND period_start >= ? AND period_start < ?",
                                    of_partner,
                                    " GROUP BY partner, currency, rate_date HAVING SUM(line_count) <> 0 OR "
                                    "SUM(amount) <> 0"),
                             values));
  for (const mysql::Row& row : parts) {
    sums[row.Text(0)].foreign[{row.Text(1), row.Day(2)}] = {row.Dec(3), row.Int(4)};
  }
  return sums;
}

absl::StatusOr<std::map<std::string, std::vector<PeriodSum>>> AccrualStore::SumsByPeriod(
    mysql::Transaction& sql, std::string_view program, const DateRange& days,
    const std::optional<std::string>& partner) const {
  mysql::Values values = {program, days.start, days.end};
  const std::string of_partner = OfPartner(partner, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, period, qualifying_amount, quantity FROM accrual WHERE program = "
                                    "? AND period_start >= ? AND period_start < ?",
                                    of_partner, " AND line_count <> 0 ORDER BY partner, period_start"),
                             values));
  std::map<std::string, std::vector<PeriodSum>> sums;
  for (const mysql::Row& row : rows) sums[row.Text(0)].push_back({row.Text(1), row.Dec(2), row.Dec(3)});
  return sums;
}

absl::StatusOr<std::vector<std::pair<std::string, Date>>> AccrualStore::TrueUpsDue(mysql::Transaction& sql,
                                                                                   std::string_view program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, period_start FROM accrual WHERE program = ? AND true_up_due = 1 "
                             "ORDER BY partner, period_start",
                             {program}));
  std::vector<std::pair<std::string, Date>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Day(1));
  return due;
}

absl::Status AccrualStore::ForgetTrueUpsDue(mysql::Transaction& sql, std::string_view program) const {
  return sql.Execute("UPDATE accrual SET true_up_due = 0 WHERE program = ? AND true_up_due = 1", {program}).status();
}

absl::Status AccrualStore::LookAgain(mysql::Transaction& sql, std::string_view program, std::string_view partner,
                                     const DateRange& days) const {
  return sql
      .Execute(
          "UPDATE accrual SET true_up_due = 1 WHERE program = ? AND partner = ? AND period_start >= ? AND "
          "period_start < ?",
          {program, partner, days.start, days.end})
      .status();
}

absl::StatusOr<Accrual> AccrualStore::Get(mysql::Transaction& sql, const AccrualKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "AND partner = ? AND program = ? AND period = ?"),
                                                     {key.partner, key.program, key.period}));
  if (rows.empty()) return NotFound(key.name());
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<Accrual>> AccrualStore::ReadSome(mysql::Transaction& sql,
                                                            const std::vector<AccrualKey>& keys) const {
  constexpr size_t kKeysAtOnce = 100;
  std::vector<Accrual> accruals;
  for (size_t at = 0; at < keys.size(); at += kKeysAtOnce) {
    const size_t count = std::min(kKeysAtOnce, keys.size() - at);
    // Every place is filled, the last key standing in those that are left over, so that the statement stays prepared.
    std::string where;
    mysql::Values values;
    for (size_t i = 0; i < kKeysAtOnce; ++i) {
      const AccrualKey& key = keys[at + std::min(i, count - 1)];
      where += i == 0 ? "(?, ?, ?)" : ", (?, ?, ?)";
      values.insert(values.end(), {key.partner, key.program, key.period});
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat(kSelect, "AND (partner, program, period) IN (", where, ")"), values));
    for (const mysql::Row& row : rows) accruals.push_back(FromRow(row));
  }
  return accruals;
}

absl::StatusOr<std::vector<AccrualKey>> AccrualStore::KeysOf(mysql::Transaction& sql, std::string_view program,
                                                             const std::optional<std::string>& partner) const {
  mysql::Values values = {program};
  const std::string of_partner = OfPartner(partner, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, program, period FROM accrual WHERE program = ?", of_partner), values));
  return KeysFrom(rows);
}

absl::StatusOr<std::vector<AccrualKey>> AccrualStore::RolledUpKeys(mysql::Transaction& sql,
                                                                   std::string_view program) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT partner, program, period FROM accrual WHERE program = ? AND rolled_up = 1", {program}));
  return KeysFrom(rows);
}

absl::StatusOr<std::vector<AccrualKey>> AccrualStore::KeysOfSome(mysql::Transaction& sql, std::string_view program,
                                                                 const std::vector<std::string>& partners) const {
  constexpr size_t kPartnersAtOnce = 100;
  std::vector<AccrualKey> keys;
  for (size_t at = 0; at < partners.size(); at += kPartnersAtOnce) {
    const size_t last = std::min(at + kPartnersAtOnce, partners.size()) - 1;
    // Every place is filled, as in ReadSome.
    std::string marks;
    mysql::Values values = {program};
    for (size_t i = 0; i < kPartnersAtOnce; ++i) {
      marks += i == 0 ? "?" : ", ?";
      values.push_back(partners[std::min(at + i, last)]);
    }
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT partner, program, period FROM accrual WHERE program = ? AND partner IN (", marks, ")"),
                  values));
    for (AccrualKey& key : KeysFrom(rows)) keys.push_back(std::move(key));
  }
  return keys;
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
      .Execute(
          "UPDATE accrual SET stated = 1 WHERE program = ? AND period_start = ? AND (line_count <> 0 OR "
          "rolled_up = 1 OR opened = 1)",
          {program, period.range.start})
      .status();
}

absl::Status AccrualStore::MarkStated(mysql::Transaction& sql, std::string_view program, std::string_view partner,
                                      const DateRange& days) const {
  return sql
      .Execute(
          "UPDATE accrual SET stated = 1 WHERE program = ? AND partner = ? AND period_start >= ? AND period_start < ?",
          {program, partner, days.start, days.end})
      .status();
}

absl::StatusOr<std::vector<AccrualKey>> AccrualStore::DropFrom(mysql::Transaction& sql, std::string_view program,
                                                               Date from) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, program, period FROM accrual WHERE program = ? AND period_start >= ?",
                             {program, from}));
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM accrual_foreign WHERE program = ? AND period_start >= ?", {program, from}).status());
  RETURN_IF_ERROR(sql.Execute("DELETE FROM accrual WHERE program = ? AND period_start >= ?", {program, from}).status());
  return KeysFrom(rows);
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
