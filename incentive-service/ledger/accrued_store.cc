#include "incentive-service/ledger/accrued_store.h"

#include <map>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

AccruedAmounts AmountsFrom(const mysql::Rows& rows) {
  AccruedAmounts amounts;
  for (const mysql::Row& row : rows) amounts.emplace(std::pair(row.Text(0), row.Text(1)), row.Int(2));
  return amounts;
}

absl::Status LockAccrued(mysql::Transaction& sql, std::string_view program, std::string_view how) {
  const std::string text = StrCat("SELECT program FROM accrued_program WHERE program = ? ", how);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, {program}));
  if (!rows.empty()) return absl::OkStatus();
  // The first time: a row that is not there cannot be locked.
  RETURN_IF_ERROR(sql.TryInsert("INSERT INTO accrued_program (program) VALUES (?)", {program}).status());
  return sql.Query(text, {program}).status();
}

}  // namespace

absl::Status AccruedStore::Lock(mysql::Transaction& sql, std::string_view program) const {
  return LockAccrued(sql, program, "FOR UPDATE");
}

absl::Status AccruedStore::Hold(mysql::Transaction& sql, absl::Span<const Statement> statements) const {
  std::set<std::string> programs;
  for (const Statement& statement : statements) {
    for (const StatementEntry& entry : statement.entries) programs.insert(entry.program);
  }
  for (const std::string& program : programs) RETURN_IF_ERROR(LockAccrued(sql, program, "LOCK IN SHARE MODE"));
  return absl::OkStatus();
}

absl::StatusOr<AccruedAmounts> AccruedStore::EnteredForUpdate(mysql::Transaction& sql, std::string_view program) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT partner, period, amount FROM accrued WHERE program = ? ORDER BY period, partner FOR UPDATE",
                {program}));
  return AmountsFrom(rows);
}

absl::StatusOr<AccruedAmounts> AccruedStore::Drafted(mysql::Transaction& sql, std::string_view program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT e.partner, e.period, SUM(e.amount) FROM statement_entry e JOIN statement s ON "
                             "s.partner = e.partner AND s.number = e.number WHERE e.program = ? AND s.state = 2 "
                             "GROUP BY e.partner, e.period",
                             {program}));
  return AmountsFrom(rows);
}

absl::StatusOr<std::vector<AccrualKey>> AccruedStore::UnstatedKeys(mysql::Transaction& sql,
                                                                   const Program& program) const {
  if (program.payout_period.has_value()) return UnstatedByScale(sql, program);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT a.partner, a.program, a.period FROM accrual a LEFT JOIN period_close c ON c.program = "
                "a.program AND c.period = a.period WHERE a.program = ? AND (c.program IS NULL OR a.true_up_due = 1) "
                "ORDER BY a.partner, a.period_start",
                {program.id}));
  std::vector<AccrualKey> keys;
  keys.reserve(rows.size());
  for (const mysql::Row& row : rows) keys.push_back({row.Text(0), row.Text(1), row.Text(2)});
  return keys;
}

absl::StatusOr<std::vector<AccrualKey>> AccruedStore::UnstatedByScale(mysql::Transaction& sql,
                                                                      const Program& program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, program, period, period_start, true_up_due FROM accrual WHERE program = "
                             "? ORDER BY partner, period_start",
                             {program.id}));
  std::vector<std::string> scale_of;  // by row
  std::map<std::string, Period> scales;
  std::set<std::pair<std::string, std::string>> due;  // (partner, scale)
  for (const mysql::Row& row : rows) {
    const Period scale = PeriodOf(program.period, row.Day(3));
    scale_of.push_back(scale.id);
    scales.emplace(scale.id, scale);
    if (row.Bool(4)) due.emplace(row.Text(0), scale.id);
  }
  std::vector<Period> periods;
  for (const auto& [id, scale] : scales) periods.push_back(scale);
  ASSIGN_OR_RETURN(const ClosedPeriods closed, closes_.Closed(sql, program, periods));
  std::vector<AccrualKey> keys;
  for (size_t i = 0; i < scale_of.size(); ++i) {
    const mysql::Row& row = rows[i];
    const bool is_closed = closed.contains(std::pair(program.id, scale_of[i]));
    if (is_closed && !due.contains(std::pair(row.Text(0), scale_of[i]))) continue;
    keys.push_back({row.Text(0), row.Text(1), row.Text(2)});
  }
  return keys;
}

absl::Status AccruedStore::Save(mysql::Transaction& sql, const std::vector<AccruedMove>& moves) const {
  mysql::Values values;
  for (const AccruedMove& move : moves) {
    if (move.after != 0) {
      values.insert(values.end(), {move.program, move.period, move.partner, move.currency, move.after});
      continue;
    }
    RETURN_IF_ERROR(sql.Execute("DELETE FROM accrued WHERE program = ? AND period = ? AND partner = ?",
                                {move.program, move.period, move.partner})
                        .status());
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO accrued (program, period, partner, currency, amount) VALUES", 5, values,
                        "ON DUPLICATE KEY UPDATE amount = VALUES(amount)");
}

absl::Status AccruedStore::Enter(mysql::Transaction& sql, const std::vector<AccruedMove>& moves, absl::Time now) const {
  RETURN_IF_ERROR(Save(sql, moves));
  std::vector<LedgerEntry> entries;  // of one partner
  for (size_t i = 0; i < moves.size(); ++i) {
    std::optional<LedgerEntry> entry = EntryOf(moves[i]);
    if (entry.has_value()) entries.push_back(*std::move(entry));
    const bool last = i + 1 == moves.size() || moves[i + 1].partner != moves[i].partner;
    if (!last) continue;
    RETURN_IF_ERROR(ledger_.Post(sql, std::exchange(entries, {}), now));
  }
  return absl::OkStatus();
}

absl::Status AccruedStore::FollowDrafts(mysql::Transaction& sql, const Program& program, absl::Time now) const {
  ASSIGN_OR_RETURN(AccruedAmounts entered, EnteredForUpdate(sql, program.id));
  std::map<std::string, Period> scales;
  for (const auto& [key, amount] : entered) {
    const absl::StatusOr<Period> scale = ParsePeriod(program.period, key.second);
    if (scale.ok()) scales.emplace(key.second, *scale);
  }
  std::vector<Period> periods;
  for (const auto& [id, scale] : scales) periods.push_back(scale);
  ASSIGN_OR_RETURN(const ClosedPeriods closed, closes_.Closed(sql, program, periods));
  std::erase_if(entered, [&](const auto& one) { return !closed.contains(std::pair(program.id, one.first.second)); });
  if (entered.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(AccruedAmounts drafted, Drafted(sql, program.id));
  std::erase_if(drafted, [&](const auto& one) { return !entered.contains(one.first); });
  return Enter(sql, AccruedMovesOf(program.id, program.terms.currency, entered, {}, drafted), now);
}

absl::StatusOr<std::vector<LedgerEntry>> AccruedStore::Release(mysql::Transaction& sql, const Statement& issued) const {
  std::vector<AccruedMove> moves;
  std::vector<LedgerEntry> entries;
  for (const auto& [key, said] : SaidByPeriod(issued)) {
    const auto& [program, period] = key;
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT currency, amount FROM accrued WHERE program = ? AND period = ? AND partner = ? FOR UPDATE",
                  {program, period, issued.partner}));
    if (rows.empty()) continue;
    const int64_t before = rows.front().Int(1);
    moves.push_back({.partner = issued.partner,
                     .program = program,
                     .period = period,
                     .currency = rows.front().Text(0),
                     .before = before,
                     .after = before - said});
    std::optional<LedgerEntry> entry = EntryOf(moves.back());
    if (entry.has_value()) entries.push_back(*std::move(entry));
  }
  RETURN_IF_ERROR(Save(sql, moves));
  return entries;
}

absl::StatusOr<std::vector<AccruedBalance>> AccruedStore::Balances(mysql::Transaction& sql, std::string_view partner,
                                                                   const std::optional<std::string>& program,
                                                                   Date as_of) const {
  mysql::Values values = {partner, as_of.AddDays(1)};
  std::string of_program;
  if (program.has_value()) {
    of_program = "AND e.program = ? ";
    values.push_back(*program);
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT e.program, e.period, e.currency, SUM(l.amount), MAX(e.entry_time) FROM ledger_entry e "
                       "JOIN ledger_leg l ON l.partner = e.partner AND l.entry = e.entry WHERE e.partner = ? AND "
                       "e.entry_time < ? AND l.account = 14 ",
                       of_program,
                       "GROUP BY e.program, e.period, e.currency HAVING SUM(l.amount) <> 0 "
                       "ORDER BY e.program, e.period, e.currency"),
                values));
  std::vector<AccruedBalance> balances;
  balances.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    balances.push_back({.program = row.Text(0),
                        .period = row.Text(1),
                        .currency = row.Text(2),
                        .amount = row.Int(3),
                        .entry_time = row.Instant(4)});
  }
  return balances;
}

}  // namespace tributary::incentive
