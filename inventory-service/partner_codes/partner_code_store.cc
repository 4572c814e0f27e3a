#include "inventory-service/partner_codes/partner_code_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/effective_days.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner, id, uid, version, create_time, update_time, kind, code, target, effective_from, effective_to "
    "FROM partner_code ";

PartnerCode Read(const mysql::Row& row) {
  return {.partner = row.Text(0),
          .id = row.Text(1),
          .uid = row.Id(2),
          .version = row.Int(3),
          .create_time = row.Instant(4),
          .update_time = row.Instant(5),
          .kind = static_cast<CodeKind>(row.Int(6)),
          .code = row.Text(7),
          .target = row.Text(8),
          .effective = ReadDays(row, 9)};
}

absl::StatusOr<std::vector<PartnerCode>> Select(mysql::Transaction& sql, std::string_view tail,
                                                const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, tail), values));
  std::vector<PartnerCode> codes;
  codes.reserve(rows.size());
  for (const mysql::Row& row : rows) codes.push_back(Read(row));
  return codes;
}

absl::StatusOr<PartnerCode> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                   std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<PartnerCode> found,
                   Select(sql, StrCat("WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/codes/", id));
  return std::move(found.front());
}

}  // namespace

const std::vector<FilterField>& PartnerCodeStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("kind", "kind", {{"PRODUCT", 1}, {"CUSTOMER", 2}, {"SITE", 3}}),
      FilterField::String("code", "code"), FilterField::String("target", "target"),
      FilterField::Day("effective_from", "effective_from"), FilterField::Day("effective_to", "effective_to")};
  return fields;
}

absl::StatusOr<PartnerCode> PartnerCodeStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<PartnerCode> PartnerCodeStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                           std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<PartnerCode>> PartnerCodeStore::OfCode(mysql::Transaction& sql, std::string_view partner,
                                                                  CodeKind kind, std::string_view code) const {
  return Select(sql, "WHERE partner = ? AND kind = ? AND code = ? ORDER BY effective_from",
                {partner, static_cast<int>(kind), code});
}

absl::Status PartnerCodeStore::Insert(mysql::Transaction& sql, const PartnerCode& code) const {
  ASSIGN_OR_RETURN(
      const bool fresh,
      sql.TryInsert(
          "INSERT INTO partner_code (partner, id, uid, version, create_time, update_time, kind, code, "
          "target, effective_from, effective_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {code.partner, code.id, code.uid, code.version, code.create_time, code.update_time,
           static_cast<int>(code.kind), code.code, code.target, code.effective.start, EndOf(code.effective)}));
  return fresh ? absl::OkStatus() : AlreadyExists(code.name());
}

absl::Status PartnerCodeStore::Update(mysql::Transaction& sql, const PartnerCode& code) const {
  return sql
      .Execute(
          "UPDATE partner_code SET version = ?, update_time = ?, target = ?, effective_from = ?, "
          "effective_to = ? WHERE partner = ? AND id = ?",
          {code.version, code.update_time, code.target, code.effective.start, EndOf(code.effective), code.partner,
           code.id})
      .status();
}

absl::Status PartnerCodeStore::Delete(mysql::Transaction& sql, const PartnerCode& code) const {
  return sql.Execute("DELETE FROM partner_code WHERE partner = ? AND id = ?", {code.partner, code.id}).status();
}

absl::StatusOr<std::vector<PartnerCode>> PartnerCodeStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                std::string_view after_partner,
                                                                std::string_view after_id, const SqlPredicate& filter,
                                                                int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  return Select(sql, page.sql(), page.values);
}

absl::StatusOr<CodeTable> PartnerCodeStore::Table(mysql::Transaction& sql, std::string_view partner, CodeKind kind,
                                                  const std::vector<std::string_view>& codes) const {
  CodeTable table;
  if (codes.empty()) return table;
  mysql::Values values = {partner, static_cast<int>(kind)};
  const std::string in = InList(codes, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT code, effective_from, effective_to, target FROM partner_code "
                                    "WHERE partner = ? AND kind = ? AND code IN ",
                                    in),
                             values));
  for (const mysql::Row& row : rows) table.Add(row.Bytes(0), ReadDays(row, 1), row.Text(3));
  return table;
}

absl::StatusOr<std::map<std::string, std::string>> PartnerCodeStore::Resolve(mysql::Transaction& sql,
                                                                             std::string_view partner, CodeKind kind,
                                                                             const std::vector<std::string_view>& codes,
                                                                             Date date) const {
  ASSIGN_OR_RETURN(const CodeTable table, Table(sql, partner, kind, codes));
  std::map<std::string, std::string> found;
  for (const std::string_view code : codes) {
    if (const std::string* target = table.Find(code, date)) found.emplace(code, *target);
  }
  return found;
}

}  // namespace tributary::inventory
