#include "incentive-service/journal_exports/journal_export_store.h"

#include <sstream>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns = "journal_export, uid, create_time, account_codes, entry_count, leg_count, sha256";

std::string TextOf(const AccountCodes& codes) {
  std::string text;
  for (const auto& [account, code] : codes) {
    StrAppend(&text, text.empty() ? "" : " ", static_cast<int>(account), " ", code);
  }
  return text;
}

AccountCodes CodesFrom(const std::string& text) {
  AccountCodes codes;
  std::istringstream words(text);
  int account = 0;
  for (std::string code; words >> account >> code;) codes.emplace(static_cast<LedgerAccount>(account), code);
  return codes;
}

absl::StatusOr<std::vector<JournalExport>> Read(mysql::Transaction& sql, std::string_view where,
                                                const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM journal_export WHERE ", where), values));
  std::vector<JournalExport> exports;
  exports.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Period period, ParsePeriod(PeriodKind::kMonth, row.Bytes(0)));
    exports.push_back({.period = std::move(period),
                       .uid = row.Id(1),
                       .create_time = row.Instant(2),
                       .codes = CodesFrom(row.Text(3)),
                       .entries = row.Int(4),
                       .legs = row.Int(5),
                       .sha256 = row.Text(6)});
  }
  return exports;
}

}  // namespace

absl::StatusOr<JournalExport> JournalExportStore::Get(mysql::Transaction& sql, std::string_view month) const {
  ASSIGN_OR_RETURN(std::vector<JournalExport> exports, Read(sql, "journal_export = ?", {month}));
  if (exports.empty()) return NotFound(StrCat("journalExports/", month));
  return std::move(exports.front());
}

absl::StatusOr<std::vector<JournalExport>> JournalExportStore::List(mysql::Transaction& sql, std::string_view after,
                                                                    int limit) const {
  return Read(sql, "journal_export > ? ORDER BY journal_export LIMIT ?", {after, limit});
}

absl::StatusOr<std::string> JournalExportStore::Latest(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT journal_export FROM journal_export ORDER BY journal_export DESC LIMIT 1"));
  return rows.empty() ? std::string() : rows.front().Text(0);
}

absl::StatusOr<std::vector<LedgerEntry>> JournalExportStore::Entries(mysql::Transaction& sql,
                                                                     std::string_view month) const {
  return ledger_.ListExported(sql, month);
}

absl::Status JournalExportStore::Take(mysql::Transaction& sql, const JournalExport& exported) const {
  ASSIGN_OR_RETURN(
      const bool taken,
      sql.TryInsert("INSERT INTO journal_entry (partner, entry, journal_export) SELECT e.partner, e.entry, ? FROM "
                    "ledger_entry e LEFT JOIN journal_entry j ON j.partner = e.partner AND j.entry = e.entry WHERE "
                    "e.entry_time < ? AND j.partner IS NULL",
                    {exported.period.id, exported.period.range.end}));
  return taken ? absl::OkStatus() : sql.RunAgain("another export took the same entries");
}

absl::Status JournalExportStore::Insert(mysql::Transaction& sql, const JournalExport& exported) const {
  const std::string codes = TextOf(exported.codes);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO journal_export (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?)"),
                                 {exported.period.id, exported.uid, exported.create_time, codes, exported.entries,
                                  exported.legs, exported.sha256}));
  return inserted ? absl::OkStatus() : sql.RunAgain("the month was exported meanwhile");
}

}  // namespace tributary::incentive
