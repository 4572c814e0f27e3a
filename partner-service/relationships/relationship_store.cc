#include "partner-service/relationships/relationship_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, kind, other_id, valid_from, valid_to "
    "FROM partner_relationship ";

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
                                                    std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?"), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/relationships/", id));
  return FromRows(rows).front();
}

absl::StatusOr<std::vector<Relationship>> RelationshipStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                  const std::optional<Date>& day,
                                                                  const Page& page) const {
  ChildPage rows_of(partner_id, page);
  if (day.has_value()) rows_of.Where("valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)", {*day, *day});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Relationship>> RelationshipStore::OfPartner(mysql::Transaction& sql,
                                                                       std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Relationship>> RelationshipStore::WithOther(mysql::Transaction& sql,
                                                                       std::string_view other_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE other_id = ? ORDER BY partner_id, id FOR UPDATE"), {other_id}));
  return FromRows(rows);
}

absl::Status RelationshipStore::Create(mysql::Transaction& sql, const Relationship& r) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO partner_relationship (partner_id, id, uid, version, create_time, update_time, kind, "
                    "other_id, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {r.partner_id, r.id, r.revision.uid, r.revision.version, r.revision.create_time,
                     r.revision.update_time, static_cast<int>(r.kind), r.other_id, r.valid.start, EndOf(r)}));
  return inserted ? absl::OkStatus() : AlreadyExists(r.name());
}

absl::Status RelationshipStore::Update(mysql::Transaction& sql, const Relationship& r) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE partner_relationship SET version = ?, update_time = ?, valid_from = ?, "
                               "valid_to = ? WHERE partner_id = ? AND id = ? AND version = ?",
                               {r.revision.version, r.revision.update_time, r.valid.start, EndOf(r), r.partner_id, r.id,
                                r.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, r.name());
}

absl::Status RelationshipStore::Delete(mysql::Transaction& sql, const Relationship& r) const {
  return sql.Execute("DELETE FROM partner_relationship WHERE partner_id = ? AND id = ?", {r.partner_id, r.id}).status();
}

}  // namespace tributary::partner
