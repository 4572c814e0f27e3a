#include "partner-service/courses/certificate_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, course_id, holder, issued_on, valid_to, revoked "
    "FROM certificate ";
constexpr std::string_view kValidOn = "issued_on <= ? AND (valid_to IS NULL OR valid_to > ?) AND revoked = 0";

Certificate FromRow(const mysql::Row& row) {
  return {.partner_id = row.Text(0),
          .id = row.Text(1),
          .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
          .course_id = row.Text(6),
          .holder = row.Text(7),
          .valid = {row.Day(8), row.IsNull(9) ? OpenEnd() : row.Day(9)},
          .revoked = row.Bool(10)};
}

mysql::Value EndOf(const Certificate& certificate) {
  return certificate.valid.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(certificate.valid.end);
}

absl::StatusOr<Certificate> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                   std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/certificates/", id));
  return FromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& CertificateStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("course", "CONCAT('courses/', course_id)"),
      FilterField::String("holder", "holder"),
      FilterField::Day("issued_on", "issued_on"),
      FilterField::Day("valid_to", "valid_to"),
      FilterField::Boolean("revoked", "revoked"),
  };
  return fields;
}

absl::StatusOr<Certificate> CertificateStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                  std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<Certificate> CertificateStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                           std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Certificate>> CertificateStore::List(mysql::Transaction& sql, const CertificateScope& scope,
                                                                const Page& page) const {
  ChildPage rows_of(scope.partner_id, page);
  if (!scope.product_line.empty()) {
    rows_of.Where("course_id IN (SELECT course_id FROM course_product_line WHERE product_line = ?)",
                  {scope.product_line});
  }
  if (scope.valid_on.has_value()) rows_of.Where(kValidOn, {*scope.valid_on, *scope.valid_on});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<Certificate> certificates;
  for (const mysql::Row& row : rows) certificates.push_back(FromRow(row));
  return certificates;
}

absl::StatusOr<int64_t> CertificateStore::CountHolders(mysql::Transaction& sql, std::string_view partner_id,
                                                       std::string_view course_id, Date day) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT COUNT(DISTINCT holder) FROM certificate WHERE partner_id = ? AND "
                                    "course_id = ? AND ",
                                    kValidOn),
                             {partner_id, course_id, day, day}));
  return rows.front().Int(0);
}

absl::Status CertificateStore::Create(mysql::Transaction& sql, const Certificate& c) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO certificate (partner_id, id, uid, version, create_time, update_time, course_id, "
                    "holder, issued_on, valid_to, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {c.partner_id, c.id, c.revision.uid, c.revision.version, c.revision.create_time,
                     c.revision.update_time, c.course_id, c.holder, c.valid.start, EndOf(c), c.revoked}));
  return inserted ? absl::OkStatus() : AlreadyExists(c.name());
}

absl::Status CertificateStore::Update(mysql::Transaction& sql, const Certificate& c) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE certificate SET version = ?, update_time = ?, valid_to = ?, revoked = ? "
                               "WHERE partner_id = ? AND id = ? AND version = ?",
                               {c.revision.version, c.revision.update_time, EndOf(c), c.revoked, c.partner_id, c.id,
                                c.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, c.name());
}

}  // namespace tributary::partner
