#include "incentive-service/closes/period_close_store.h"

#include <map>
#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kSelect =
    "SELECT program, period, program_version, close_time, watermark, statement_count, total, currency, line_count, "
    "other_currency_lines, unpriced_lines, true_ups, partner_watermark FROM period_close ";

PeriodClose FromRow(const mysql::Row& row) {
  return {.program = row.Text(0),
          .period = row.Text(1),
          .program_version = row.Int(2),
          .close_time = row.Instant(3),
          .watermark = ParseWatermarkText(row.Bytes(4)),
          .statements = row.Int(5),
          .total = row.Int(6),
          .currency = row.Text(7),
          .lines = row.Int(8),
          .other_currency_lines = row.Int(9),
          .unpriced_lines = row.Int(10),
          .true_ups = row.Int(11),
          .partner_watermark = ParseWatermarkText(row.Bytes(12))};
}

}  // namespace

absl::Status PeriodCloseStore::Insert(mysql::Transaction& sql, const PeriodClose& close) const {
  const std::string watermark = WatermarkText(close.watermark);
  const std::string partner_watermark = WatermarkText(close.partner_watermark);
  return sql
      .Execute(
          "INSERT INTO period_close (program, period, program_version, close_time, watermark, statement_count, total, "
          "currency, line_count, other_currency_lines, unpriced_lines, true_ups, partner_watermark) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {close.program, close.period, close.program_version, close.close_time, watermark, close.statements,
           close.total, close.currency, close.lines, close.other_currency_lines, close.unpriced_lines, close.true_ups,
           partner_watermark})
      .status();
}

absl::StatusOr<bool> PeriodCloseStore::IsClosed(mysql::Transaction& sql, const CloseKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT 1 FROM period_close WHERE program = ? AND period = ?", {key.program, key.period}));
  return !rows.empty();
}

absl::StatusOr<std::vector<std::string>> PeriodCloseStore::ClosedIds(mysql::Transaction& sql,
                                                                     std::string_view program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT period FROM period_close WHERE program = ? ORDER BY period", {program}));
  std::vector<std::string> ids;
  ids.reserve(rows.size());
  for (const mysql::Row& row : rows) ids.push_back(row.Text(0));
  return ids;
}

absl::StatusOr<ClosedPeriods> PeriodCloseStore::Closed(mysql::Transaction& sql, const Program& program,
                                                       const std::vector<Period>& scales) const {
  ClosedPeriods closed;
  if (scales.empty()) return closed;
  std::map<std::string, const Period*> by_payout;
  std::string marks;
  for (const Period& scale : scales) {
    if (by_payout.emplace(program.LastPayoutOf(scale).id, &scale).second) marks += marks.empty() ? "?" : ", ?";
  }
  mysql::Values values = {program.id};
  for (const auto& [payout, scale] : by_payout) values.push_back(payout);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(
          StrCat("SELECT period, watermark, partner_watermark FROM period_close WHERE program = ? AND period IN (",
                 marks, ")"),
          values));
  for (const mysql::Row& row : rows) {
    const Period& scale = *by_payout.at(row.Text(0));
    closed.emplace(std::pair(program.id, scale.id),
                   ClosedPeriodOf(program, scale, ParseWatermarkText(row.Bytes(1)), ParseWatermarkText(row.Bytes(2))));
  }
  return closed;
}

absl::StatusOr<PeriodClose> PeriodCloseStore::Get(mysql::Transaction& sql, const CloseKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE program = ? AND period = ?"), {key.program, key.period}));
  if (rows.empty()) return NotFound(StrCat("programs/", key.program, "/closes/", key.period));
  return FromRow(rows.front());
}

const std::vector<FilterField>& PeriodCloseStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{FilterField::Timestamp("close_time", "close_time")};
  return fields;
}

absl::StatusOr<std::vector<PeriodClose>> PeriodCloseStore::List(mysql::Transaction& sql, std::string_view program,
                                                                std::string_view after, const SqlPredicate& where,
                                                                int limit) const {
  mysql::Values values = {program, after};
  values.insert(values.end(), where.values().begin(), where.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE program = ? AND period > ? AND (",
                                                            where.sql(), ") ORDER BY period LIMIT ?"),
                                                     values));
  std::vector<PeriodClose> closes;
  for (const mysql::Row& row : rows) closes.push_back(FromRow(row));
  return closes;
}

absl::StatusOr<std::vector<StatedTotal>> PeriodCloseStore::Totals(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT currency, SUM(statement_count), SUM(total) "
                                                     "FROM period_close GROUP BY currency"));
  std::vector<StatedTotal> totals;
  totals.reserve(rows.size());
  for (const mysql::Row& row : rows) totals.push_back({row.Text(0), row.Int(1), row.Int(2)});
  return totals;
}

}  // namespace tributary::incentive
