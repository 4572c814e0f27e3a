#include "partner-service/credit_lines/credit_line_store.h"

#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, undone, currency, credit_limit, "
    "payment_terms_days, valid_from, valid_to, on_hold, pending_limit, limit_asked_by FROM credit_line ";

CreditLine FromRow(const mysql::Row& row) {
  return {.partner_id = row.Text(0),
          .id = row.Text(1),
          .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
          .undone = row.Bool(6),
          .limit = {row.Text(7), row.Dec(8)},
          .payment_terms_days = static_cast<int>(row.Int(9)),
          .valid = {row.Day(10), row.IsNull(11) ? OpenEnd() : row.Day(11)},
          .on_hold = row.Bool(12),
          .pending_limit = row.IsNull(13) ? std::nullopt : std::optional(row.Dec(13)),
          .limit_asked_by = SplitLines(row.Bytes(14))};
}

std::vector<CreditLine> FromRows(const mysql::Rows& rows) {
  std::vector<CreditLine> lines;
  lines.reserve(rows.size());
  for (const mysql::Row& row : rows) lines.push_back(FromRow(row));
  return lines;
}

mysql::Value EndOf(const CreditLine& line) {
  return line.valid.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(line.valid.end);
}

}  // namespace

const std::vector<FilterField>& CreditLineStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("currency", "currency"),
      FilterField::Day("valid_from", "valid_from"),
      FilterField::Day("valid_to", "valid_to"),
      FilterField::Boolean("on_hold", "on_hold"),
  };
  return fields;
}

absl::StatusOr<CreditLine> CreditLineStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?"), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/creditLines/", id));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<CreditLine>> CreditLineStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                              const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<CreditLine>> CreditLineStore::OfPartner(mysql::Transaction& sql,
                                                                   std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::StatusOr<CreditLine> CreditLineStore::Create(mysql::Transaction& sql, const CreditLine& line) const {
  const std::string asked_by = JoinLines(line.limit_asked_by);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          "INSERT INTO credit_line (partner_id, id, uid, version, create_time, update_time, undone, "
          "currency, credit_limit, payment_terms_days, valid_from, valid_to, on_hold, pending_limit, "
          "limit_asked_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {line.partner_id, line.id, line.revision.uid, line.revision.version, line.revision.create_time,
           line.revision.update_time, line.undone, line.limit.currency, line.limit.amount, line.payment_terms_days,
           line.valid.start, EndOf(line), line.on_hold, line.pending_limit, asked_by}));
  if (inserted) return line;
  ASSIGN_OR_RETURN(const CreditLine there, Get(sql, line.partner_id, line.id));
  if (!there.undone) return AlreadyExists(line.name());
  CreditLine next = line;
  next.revision.version = there.revision.version + 1;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status CreditLineStore::Update(mysql::Transaction& sql, const CreditLine& line) const {
  const std::string asked_by = JoinLines(line.limit_asked_by);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE credit_line SET uid = ?, version = ?, create_time = ?, update_time = ?, "
                               "undone = ?, currency = ?, credit_limit = ?, payment_terms_days = ?, valid_from = ?, "
                               "valid_to = ?, on_hold = ?, pending_limit = ?, limit_asked_by = ? WHERE partner_id = ? "
                               "AND id = ? AND version = ?",
                               {line.revision.uid, line.revision.version, line.revision.create_time,
                                line.revision.update_time, line.undone, line.limit.currency, line.limit.amount,
                                line.payment_terms_days, line.valid.start, EndOf(line), line.on_hold,
                                line.pending_limit, asked_by, line.partner_id, line.id, line.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, line.name());
}

}  // namespace tributary::partner
