#include "partner-service/documents/document_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, owner_id, kind, title, media_type, sha256, size_bytes, "
    "expires_on, notice_days, attached_to, told FROM document ";

Document FromRow(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .owner_id = row.Text(5),
          .kind = static_cast<DocumentKind>(row.Int(6)),
          .title = row.Text(7),
          .media_type = row.Text(8),
          .sha256 = row.Text(9),
          .size_bytes = row.Int(10),
          .expires_on = row.IsNull(11) ? std::nullopt : std::optional(row.Day(11)),
          .notice_days = static_cast<int>(row.Int(12)),
          .attached_to = row.Text(13),
          .told = static_cast<DocumentState>(row.Int(14))};
}

std::vector<Document> FromRows(const mysql::Rows& rows) {
  std::vector<Document> documents;
  documents.reserve(rows.size());
  for (const mysql::Row& row : rows) documents.push_back(FromRow(row));
  return documents;
}

}  // namespace

const std::vector<FilterField>& DocumentStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("owner", "IF(owner_id = '', '', CONCAT('partners/', owner_id))"),
      FilterField::Enum("kind", "kind", NumberedNames(DocumentKind::kContract, DocumentKind::kOther)),
      FilterField::String("title", "title"),
      FilterField::String("media_type", "media_type"),
      FilterField::String("sha256", "sha256"),
      FilterField::Day("expires_on", "expires_on"),
      FilterField::String("attached_to", "attached_to"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<Document> DocumentStore::Get(mysql::Transaction& sql, std::string_view id,
                                            std::string_view owner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?"), {id}));
  if (rows.empty() || (!owner_id.empty() && rows.front().Bytes(5) != owner_id)) {
    return NotFound(StrCat("documents/", id));
  }
  return FromRow(rows.front());
}

absl::StatusOr<Document> DocumentStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ? FOR UPDATE"), {id}));
  if (rows.empty()) return NotFound(StrCat("documents/", id));
  return FromRow(rows.front());
}

absl::StatusOr<std::string> DocumentStore::Content(mysql::Transaction& sql, std::string_view sha256) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT content FROM document_content WHERE sha256 = ?", {sha256}));
  if (rows.empty()) return Error(Reason::kInternal, StrCat("there are no bytes of hash ", sha256));
  return rows.front().Text(0);
}

absl::StatusOr<std::vector<Document>> DocumentStore::List(mysql::Transaction& sql, std::string_view owner_id,
                                                          const std::optional<DateRange>& last_days,
                                                          const Page& page) const {
  RootPage rows_of(page);
  if (!owner_id.empty()) rows_of.Where("owner_id = ?", {owner_id});
  if (last_days.has_value()) {
    rows_of.Where("expires_on >= ? AND expires_on < ?", {last_days->start, last_days->end});
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::Status DocumentStore::Create(mysql::Transaction& sql, const Document& d, std::string_view content) const {
  RETURN_IF_ERROR(sql.TryInsert("INSERT INTO document_content (sha256, content) VALUES (?, ?)", {d.sha256, content}));
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO document (id, uid, version, create_time, update_time, owner_id, kind, title, "
                    "media_type, sha256, size_bytes, expires_on, notice_days, attached_to, told, next_notice) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {d.id, d.revision.uid, d.revision.version, d.revision.create_time, d.revision.update_time,
                     d.owner_id, static_cast<int>(d.kind), d.title, d.media_type, d.sha256, d.size_bytes, d.expires_on,
                     d.notice_days, d.attached_to, static_cast<int>(d.told), NextNotice(d)}));
  return inserted ? absl::OkStatus() : AlreadyExists(d.name());
}

absl::Status DocumentStore::Update(mysql::Transaction& sql, const Document& d) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE document SET version = ?, update_time = ?, owner_id = ?, told = ?, "
                               "next_notice = ? WHERE id = ? AND version = ?",
                               {d.revision.version, d.revision.update_time, d.owner_id, static_cast<int>(d.told),
                                NextNotice(d), d.id, d.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, d.name());
}

absl::StatusOr<std::vector<Document>> DocumentStore::OfPartner(mysql::Transaction& sql,
                                                               std::string_view owner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE owner_id = ? ORDER BY id FOR UPDATE"), {owner_id}));
  return FromRows(rows);
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> DocumentStore::Due(mysql::Transaction& sql, Date today,
                                                                                    int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT id FROM document WHERE next_notice <= ? ORDER BY next_notice, id LIMIT ?", {today, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back("", row.Text(0));
  return due;
}

}  // namespace tributary::partner
