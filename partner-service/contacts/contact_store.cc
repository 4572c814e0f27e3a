#include "partner-service/contacts/contact_store.h"

#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, display_name, contact_function, email, phone "
    "FROM contact ";

std::vector<Contact> FromRows(const mysql::Rows& rows) {
  std::vector<Contact> contacts;
  contacts.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    contacts.push_back({.partner_id = row.Text(0),
                        .id = row.Text(1),
                        .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                        .display_name = row.Text(6),
                        .function = static_cast<ContactFunction>(row.Int(7)),
                        .email = row.Text(8),
                        .phone = row.Text(9)});
  }
  return contacts;
}

absl::StatusOr<Contact> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                               std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/contacts/", id));
  return FromRows(rows).front();
}

}  // namespace

const std::vector<FilterField>& ContactStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("function", "contact_function",
                        NumberedNames(ContactFunction::kManagement, ContactFunction::kTechnical)),
      FilterField::String("display_name", "display_name"),
  };
  return fields;
}

absl::StatusOr<Contact> ContactStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                          std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<Contact> ContactStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                   std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Contact>> ContactStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                        const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Contact>> ContactStore::OfPartner(mysql::Transaction& sql,
                                                             std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::Status ContactStore::Create(mysql::Transaction& sql, const Contact& c) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO contact (partner_id, id, uid, version, create_time, update_time, display_name, "
                    "contact_function, email, phone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {c.partner_id, c.id, c.revision.uid, c.revision.version, c.revision.create_time,
                     c.revision.update_time, c.display_name, static_cast<int>(c.function), c.email, c.phone}));
  return inserted ? absl::OkStatus() : AlreadyExists(c.name());
}

absl::Status ContactStore::Update(mysql::Transaction& sql, const Contact& c) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE contact SET version = ?, update_time = ?, display_name = ?, contact_function = "
                  "?, email = ?, phone = ? WHERE partner_id = ? AND id = ? AND version = ?",
                  {c.revision.version, c.revision.update_time, c.display_name, static_cast<int>(c.function), c.email,
                   c.phone, c.partner_id, c.id, c.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, c.name());
}

absl::Status ContactStore::Delete(mysql::Transaction& sql, const Contact& c) const {
  return sql.Execute("DELETE FROM contact WHERE partner_id = ? AND id = ?", {c.partner_id, c.id}).status();
}

}  // namespace tributary::partner
