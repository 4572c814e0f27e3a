#include "incentive-service/statements/statement_store.h"

#include <map>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, number, uid, version, create_time, update_time, state, program, program_version, period, line_count, "
    "qualifying_amount, total";
constexpr size_t kWidth = 13;
constexpr std::string_view kLineColumns =
    "partner, number, ordinal, fact, basis_date, product, quantity, amount, share";
constexpr size_t kLineWidth = 9;

Statement FromRow(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .number = row.Int(1),
          .uid = row.Id(2),
          .version = row.Int(3),
          .create_time = row.Instant(4),
          .update_time = row.Instant(5),
          .state = static_cast<StatementState>(row.Int(6)),
          .program = row.Text(7),
          .program_version = row.Int(8),
          .period = row.Text(9),
          .line_count = row.Int(10),
          .qualifying = row.Dec(11),
          .total = row.Int(12)};
}

}  // namespace

absl::Status StatementStore::Insert(mysql::Transaction& sql, StatedPeriod* stated) const {
  if (stated->statements.empty()) return absl::OkStatus();
  // Only the last row of each partner is looked at.
  ASSIGN_OR_RETURN(const mysql::Rows last, sql.Query("SELECT partner, MAX(number) FROM statement GROUP BY partner"));
  std::map<std::string, int64_t> numbers;
  for (const mysql::Row& row : last) numbers.emplace(row.Text(0), row.Int(1));

  mysql::Values statements, lines;
  statements.reserve(stated->statements.size() * kWidth);
  lines.reserve(static_cast<size_t>(stated->lines) * kLineWidth);
  for (StatedPeriod::Stated& one : stated->statements) {
    Statement& s = one.statement;
    s.number = numbers[s.partner] + 1;
    statements.insert(statements.end(),
                      {s.partner, s.number, s.uid, s.version, s.create_time, s.update_time, static_cast<int>(s.state),
                       s.program, s.program_version, s.period, s.line_count, s.qualifying, s.total});
    for (const StatementLine& line : one.lines) {
      lines.insert(lines.end(), {s.partner, s.number, line.ordinal, line.fact, line.basis_date, line.product,
                                 line.quantity, line.amount, line.share});
    }
  }
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO statement (", kColumns, ") VALUES"), kWidth, statements));
  return sql.InsertRows(StrCat("INSERT INTO statement_line (", kLineColumns, ") VALUES"), kLineWidth, lines);
}

absl::StatusOr<Statement> StatementStore::Get(mysql::Transaction& sql, const StatementKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM statement WHERE partner = ? AND number = ?"),
                             {key.partner, key.number}));
  if (rows.empty()) return NotFound(StrCat("partners/", key.partner, "/statements/", key.number));
  return FromRow(rows.front());
}

const std::vector<FilterField>& StatementStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("program", "CONCAT('programs/', program)"),
      FilterField::String("period", "period"),
      FilterField::Enum("state", "state", {{"ISSUED", int64_t{1}}}),
  };
  return fields;
}

absl::StatusOr<std::vector<Statement>> StatementStore::List(mysql::Transaction& sql,
                                                            const std::optional<std::string>& partner,
                                                            const StatementKey& after, const SqlPredicate& where,
                                                            int limit) const {
  std::string text =
      StrCat("SELECT ", kColumns, " FROM statement WHERE partner >= ? AND (partner > ? OR number > ?) AND (",
             where.sql(), ")");
  mysql::Values values = {after.partner, after.partner, after.number};
  values.insert(values.end(), where.values().begin(), where.values().end());
  if (partner.has_value()) {
    text += " AND partner = ?";
    values.push_back(*partner);
  }
  text += " ORDER BY partner, number LIMIT ?";
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::vector<Statement> statements;
  statements.reserve(rows.size());
  for (const mysql::Row& row : rows) statements.push_back(FromRow(row));
  return statements;
}

absl::StatusOr<std::vector<StatementLine>> StatementStore::ListLines(mysql::Transaction& sql,
                                                                     const StatementKey& statement, int64_t after,
                                                                     int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kLineColumns,
                                    " FROM statement_line WHERE partner = ? AND number = ? AND ordinal > ? "
                                    "ORDER BY ordinal LIMIT ?"),
                             {statement.partner, statement.number, after, limit}));
  std::vector<StatementLine> lines;
  lines.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    lines.push_back({row.Int(2), row.Text(3), row.Day(4), row.Text(5), row.Dec(6), row.Dec(7), row.Int(8)});
  }
  return lines;
}

}  // namespace tributary::incentive
