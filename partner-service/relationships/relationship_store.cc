#include "partner-service/relationships/relationship_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/known_revision.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

// Of partner_relationship and partner_relationship_revision.
constexpr std::string_view kColumns =
    "partner_id, id, uid, version, create_time, update_time, kind, other_id, valid_from, valid_to";
constexpr std::string_view kHolds = "valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)";

std::string Select(std::string_view table) { return StrCat("SELECT ", kColumns, " FROM ", table, " "); }

std::vector<Relationship> FromRows(const mysql::Rows& rows) {
  std::vector<Relationship> relationships;
  relationships.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    relationships.push_back({.partner_id = row.Text(0),
                             .id = row.Text(1),
                             .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                             .kind = static_cast<RelationshipKind>(row.Int(6)),
                             .other_id = row.Text(7),
                             .valid = {row.Day(8), row.IsNull(9) ? OpenEnd() : row.Day(9)}});
  }
  return relationships;
}

mysql::Value EndOf(const Relationship& relationship) {
  return relationship.valid.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(relationship.valid.end);
}

absl::Status Keep(mysql::Transaction& sql, const Relationship& r) {
  return KeepRevision(sql, "partner_relationship", kColumns, r.partner_id, r.id, r.revision.version,
                      r.revision.update_time);
}

}  // namespace

const std::vector<FilterField>& RelationshipStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("kind", "kind", NumberedNames(RelationshipKind::kParent, RelationshipKind::kSuccessor)),
      FilterField::String("other_partner", "CONCAT('partners/', other_id)"),
      FilterField::Day("valid_from", "valid_from"),
      FilterField::Day("valid_to", "valid_to"),
  };
  return fields;
}

absl::StatusOr<Relationship> RelationshipStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                    std::string_view id, const AsOf& as_of) const {
  const AsOfRows rows_of("partner_relationship", kHolds, as_of);
  mysql::Values values = {partner_id, id};
  values.insert(values.end(), rows_of.values().begin(), rows_of.values().end());
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(Select(rows_of.table()), "WHERE partner_id = ? AND id = ? AND ", rows_of.sql()), values));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/relationships/", id));
  return FromRows(rows).front();
}

absl::StatusOr<std::vector<Relationship>> RelationshipStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                  const Page& page, const AsOf& as_of) const {
  const AsOfRows as_of_rows("partner_relationship", kHolds, as_of);
  const RowPage rows_of = ChildPage(partner_id, page).Where(as_of_rows.sql(), as_of_rows.values());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(Select(as_of_rows.table()), rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Relationship>> RelationshipStore::OfPartner(mysql::Transaction& sql,
                                                                       std::string_view partner_id) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(Select("partner_relationship"), "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Relationship>> RelationshipStore::WithOther(mysql::Transaction& sql,
                                                                       std::string_view other_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(Select("partner_relationship"),
                                                            "WHERE other_id = ? ORDER BY partner_id, id FOR UPDATE"),
                                                     {other_id}));
  return FromRows(rows);
}

absl::StatusOr<Relationship> RelationshipStore::Create(mysql::Transaction& sql, const Relationship& given) const {
  Relationship r = given;
  ASSIGN_OR_RETURN(const mysql::Rows before, sql.Query("SELECT version, known_until FROM partner_relationship_revision "
                                                       "WHERE partner_id = ? AND id = ? ORDER BY version DESC LIMIT 1",
                                                       {r.partner_id, r.id}));
  if (!before.empty()) {
    r.revision.version = before.front().Int(0) + 1;
    r.revision.create_time = std::max(r.revision.create_time, before.front().Instant(1));
    r.revision.update_time = r.revision.create_time;
  }
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO partner_relationship (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {r.partner_id, r.id, r.revision.uid, r.revision.version, r.revision.create_time,
                     r.revision.update_time, static_cast<int>(r.kind), r.other_id, r.valid.start, EndOf(r)}));
  if (!inserted) return AlreadyExists(r.name());
  RETURN_IF_ERROR(Keep(sql, r));
  return r;
}

absl::Status RelationshipStore::Update(mysql::Transaction& sql, const Relationship& r) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE partner_relationship SET version = ?, update_time = ?, valid_from = ?, "
                               "valid_to = ? WHERE partner_id = ? AND id = ? AND version = ?",
                               {r.revision.version, r.revision.update_time, r.valid.start, EndOf(r), r.partner_id, r.id,
                                r.revision.version - 1}));
  return matched == 1 ? Keep(sql, r) : ChangedMeanwhile(sql, r.name());
}

absl::Status RelationshipStore::Delete(mysql::Transaction& sql, const Relationship& r, absl::Time now) const {
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM partner_relationship WHERE partner_id = ? AND id = ?", {r.partner_id, r.id}).status());
  return sql
      .Execute(
          "UPDATE partner_relationship_revision SET known_until = ? "
          "WHERE partner_id = ? AND id = ? AND version = ?",
          {After(r.revision, now).update_time, r.partner_id, r.id, r.revision.version})
      .status();
}

}  // namespace tributary::partner
