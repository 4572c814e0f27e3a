#include "incentive-service/statements/count_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

void CountRows::Add(const std::string& partner, int64_t number, int64_t ordinal, const StatementEntry& entry) {
  if (entry.pricing.count > 0) counts.insert(counts.end(), {partner, number, ordinal, entry.pricing.count});
  for (const StatementLine& line : entry.lines) {
    if (line.counted_as == 0) continue;
    lines.insert(lines.end(), {partner, number, ordinal, line.ordinal, line.counted_as});
  }
}

absl::Status InsertCounts(mysql::Transaction& sql, const CountRows& rows) {
  if (!rows.counts.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows("INSERT INTO statement_count (partner, number, ordinal, counted) VALUES", 4, rows.counts));
  }
  if (rows.lines.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO statement_line_count (partner, number, entry, ordinal, counted_as) VALUES", 5,
                        rows.lines);
}

absl::Status ReadCounts(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                        const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, number, ordinal, counted FROM statement_count WHERE ", where), values));
  for (const mysql::Row& row : rows) {
    statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing.count = row.Int(3);
  }
  return absl::OkStatus();
}

absl::Status ReadCountedLines(mysql::Transaction& sql, const StatementKey& statement,
                              std::vector<StatementLine>* lines) {
  if (lines->empty()) return absl::OkStatus();
  const StatementLine &first = lines->front(), &last = lines->back();
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT entry, ordinal, counted_as FROM statement_line_count WHERE partner = ? AND "
                             "number = ? AND (entry > ? OR (entry = ? AND ordinal >= ?)) AND (entry < ? OR (entry = ? "
                             "AND ordinal <= ?)) ORDER BY entry, ordinal",
                             {statement.partner, statement.number, first.entry, first.entry, first.ordinal, last.entry,
                              last.entry, last.ordinal}));
  auto line = lines->begin();
  for (const mysql::Row& row : rows) {
    while (line->entry != row.Int(0) || line->ordinal != row.Int(1)) ++line;  // each is among them
    line->counted_as = row.Int(2);
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
