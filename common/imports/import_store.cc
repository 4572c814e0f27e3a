#include "common/imports/import_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::imports {
namespace {

// An import with its batches, each of which is a change of it: one statement, so that none is seen twice or not at all
// while they are added. kSelect, WHERE, kGroup.
constexpr std::string_view kSelect =
    "SELECT import.id, import.version + COUNT(b.batch), import.create_time, "
    "GREATEST(import.update_time, COALESCE(MAX(b.taken_at), import.update_time)), import.state, import.target, "
    "import.mapping, import.file, import.source_sha256, "
    "CAST(import.received + COALESCE(SUM(b.accepted + b.duplicate + b.rejected), 0) AS SIGNED), "
    "CAST(import.accepted + COALESCE(SUM(b.accepted), 0) AS SIGNED), "
    "CAST(import.duplicate + COALESCE(SUM(b.duplicate), 0) AS SIGNED), "
    "CAST(import.rejected + COALESCE(SUM(b.rejected), 0) AS SIGNED), import.undone "
    "FROM import LEFT JOIN import_batch b ON b.import_id = import.id ";
constexpr std::string_view kGroup = " GROUP BY import.id";

Import FromRow(const mysql::Row& row) {
  return {.id = row.Id(0),
          .version = row.Int(1),
          .create_time = row.Instant(2),
          .update_time = row.Instant(3),
          .state = static_cast<State>(row.Int(4)),
          .target = row.Text(5),
          .mapping = row.Text(6),
          .file = row.Text(7),
          .source_sha256 = row.Text(8),
          .counts = {.received = row.Int(9),
                     .accepted = row.Int(10),
                     .duplicate = row.Int(11),
                     .rejected = row.Int(12),
                     .undone = row.Int(13)}};
}

}  // namespace

absl::Status ImportStore::Insert(mysql::Transaction& sql, const Import& import) const {
  return sql
      .Execute(
          "INSERT INTO import (id, version, create_time, update_time, state, target, mapping, file, source_sha256, "
          "received, accepted, duplicate, rejected, undone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {import.id, import.version, import.create_time, import.update_time, static_cast<int>(import.state),
           import.target, import.mapping, import.file, import.source_sha256, import.counts.received,
           import.counts.accepted, import.counts.duplicate, import.counts.rejected, import.counts.undone})
      .status();
}

absl::StatusOr<Import> ImportStore::Get(mysql::Transaction& sql, const Uuid& id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE import.id = ?", kGroup), {id}));
  if (rows.empty()) return NotFound(StrCat("imports/", id.ToString()));
  return FromRow(rows.front());
}

absl::StatusOr<Import> ImportStore::GetForUpdate(mysql::Transaction& sql, const Uuid& id) const {
  // Batches hold the row until they end, so afterwards all of them are there to be read.
  RETURN_IF_ERROR(sql.Query("SELECT id FROM import WHERE id = ? FOR UPDATE", {id}));
  return Get(sql, id);
}

absl::Status ImportStore::Update(mysql::Transaction& sql, const Import& import) const {
  RETURN_IF_ERROR(sql.Execute(
      "UPDATE import SET version = ?, update_time = ?, state = ?, received = ?, accepted = ?, "
      "duplicate = ?, rejected = ?, undone = ? WHERE id = ?",
      {import.version + 1, import.update_time, static_cast<int>(import.state), import.counts.received,
       import.counts.accepted, import.counts.duplicate, import.counts.rejected, import.counts.undone, import.id}));
  return sql.Execute("DELETE FROM import_batch WHERE import_id = ?", {import.id}).status();
}

absl::Status ImportStore::AddBatch(mysql::Transaction& sql, const Uuid& id, const BatchResult& result,
                                   absl::Time now) const {
  // Errors are kept up to a number, so batches that have any go one after the other.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT state FROM import WHERE id = ?",
                                    result.errors.empty() ? " LOCK IN SHARE MODE" : " FOR UPDATE"),
                             {id}));
  if (rows.empty() || static_cast<State>(rows.front().Int(0)) != State::kOpen) {
    ASSIGN_OR_RETURN(const Import import, Get(sql, id));
    return CheckTakesRows(import);
  }
  const Uuid batch = Uuid::New(now);
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO import_batch (import_id, batch, taken_at, accepted, duplicate, rejected) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  {id, batch, now, result.accepted, result.duplicate, result.rejected}));
  return KeepErrors(sql, id, result.errors);
}

absl::Status ImportStore::KeepErrors(mysql::Transaction& sql, const Uuid& id, absl::Span<const RowError> errors) const {
  if (errors.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COUNT(*) FROM import_row_error WHERE import_id = ?", {id}));
  const int64_t room = std::max<int64_t>(0, kKeptErrors - rows.front().Int(0));
  errors = errors.subspan(0, std::min<size_t>(errors.size(), room));
  std::map<int64_t, int64_t> ordinals;
  mysql::Values values;
  // The texts outlive the statement in here; longer ones than the columns hold are cut.
  std::vector<std::string> texts;
  texts.reserve(errors.size() * 3);
  for (const RowError& error : errors) {
    const auto cut = [&](std::string_view text, size_t limit) -> std::string_view {
      return texts.emplace_back(Printable(text, limit));
    };
    values.insert(values.end(), {id, error.row, ordinals[error.row]++, cut(error.column, 200), cut(error.got, 120),
                                 cut(error.want, 400), NameOf(error.reason)});
  }
  // The same row may come again, in a batch that is sent anew under another request id.
  return sql.InsertRows(
      "INSERT INTO import_row_error (import_id, file_row, ordinal, column_name, got, want, reason) VALUES", 7, values,
      "ON DUPLICATE KEY UPDATE column_name = VALUES(column_name), got = VALUES(got), want = VALUES(want), "
      "reason = VALUES(reason)");
}

absl::StatusOr<std::vector<Import>> ImportStore::List(mysql::Transaction& sql, const std::optional<Uuid>& before,
                                                      const SqlPredicate& filter, int limit) const {
  std::string text = StrCat(kSelect, "WHERE (", filter.sql(), ")");
  mysql::Values values = filter.values();
  if (before.has_value()) {
    text += " AND import.id < ?";
    values.push_back(*before);
  }
  // Ids carry the time at which they were made.
  StrAppend(&text, kGroup, " ORDER BY import.id DESC LIMIT ?");
  values.push_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::vector<Import> imports;
  for (const mysql::Row& row : rows) imports.push_back(FromRow(row));
  return imports;
}

absl::StatusOr<std::vector<ImportStore::KeptError>> ImportStore::ListErrors(mysql::Transaction& sql, const Uuid& id,
                                                                            ErrorPosition after, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT file_row, ordinal, column_name, got, want, reason FROM import_row_error "
                             "WHERE import_id = ? AND (file_row > ? OR (file_row = ? AND ordinal > ?)) "
                             "ORDER BY file_row, ordinal LIMIT ?",
                             {id, after.row, after.row, after.ordinal, limit}));
  std::vector<KeptError> errors;
  for (const mysql::Row& row : rows) {
    errors.push_back({.position = {.row = row.Int(0), .ordinal = row.Int(1)},
                      .error = {.row = row.Int(0),
                                .column = row.Text(2),
                                .got = row.Text(3),
                                .want = row.Text(4),
                                .reason = ReasonFromName(row.Bytes(5))}});
  }
  return errors;
}

}  // namespace tributary::imports
