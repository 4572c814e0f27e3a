#include "partner-service/agreements/agreement_store.h"

#include <optional>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, state, undone, title, text, text_sha256, "
    "effective_from, effective_to, signer, sign_time FROM agreement ";

Agreement FromRow(const mysql::Row& row) {
  Agreement agreement{.partner_id = row.Text(0),
                      .id = row.Text(1),
                      .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                      .state = static_cast<AgreementState>(row.Int(6)),
                      .undone = row.Bool(7),
                      .title = row.Text(8),
                      .text = row.Text(9),
                      .text_sha256 = row.Text(10),
                      .effective = {row.Day(11), row.IsNull(12) ? OpenEnd() : row.Day(12)}};
  // A signature names the hash of the text, which never changes.
  if (!row.IsNull(14)) agreement.signature = Signature{row.Text(13), row.Instant(14), agreement.text_sha256};
  return agreement;
}

std::vector<Agreement> FromRows(const mysql::Rows& rows) {
  std::vector<Agreement> agreements;
  agreements.reserve(rows.size());
  for (const mysql::Row& row : rows) agreements.push_back(FromRow(row));
  return agreements;
}

absl::StatusOr<Agreement> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                 std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/agreements/", id));
  return FromRow(rows.front());
}

// The columns of `a` in the order in which INSERT and UPDATE name them; `a` outlives them.
mysql::Values Content(const Agreement& a) {
  const bool open = a.effective.end == OpenEnd();
  return {a.revision.uid,
          a.revision.version,
          a.revision.create_time,
          a.revision.update_time,
          static_cast<int>(a.state),
          a.undone,
          a.title,
          a.text,
          a.text_sha256,
          a.effective.start,
          open ? mysql::Value(std::nullopt) : mysql::Value(a.effective.end),
          a.signature.has_value() ? mysql::Value(a.signature->signer) : mysql::Value(""),
          a.signature.has_value() ? mysql::Value(a.signature->sign_time) : mysql::Value(std::nullopt),
          a.partner_id,
          a.id};
}

}  // namespace

const std::vector<FilterField>& AgreementStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(AgreementState::kDraft, AgreementState::kTerminated)),
      FilterField::Day("effective_from", "effective_from"),
      FilterField::Day("effective_to", "effective_to"),
  };
  return fields;
}

absl::StatusOr<Agreement> AgreementStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                              std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<Agreement> AgreementStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                       std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Agreement>> AgreementStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                            const Page& page) const {
  const ChildKeyset keyset(partner_id, page);
  mysql::Values values = keyset.values();
  values.insert(values.end(), page.filter().values().begin(), page.filter().values().end());
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE ", keyset.sql(), " AND ",
                                                            page.filter().sql(), " ORDER BY partner_id, id LIMIT ?"),
                                                     values));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Agreement>> AgreementStore::OfPartner(mysql::Transaction& sql,
                                                                 std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::StatusOr<Agreement> AgreementStore::Create(mysql::Transaction& sql, const Agreement& agreement) const {
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO agreement (uid, version, create_time, update_time, state, undone, title, "
                                 "text, text_sha256, effective_from, effective_to, signer, sign_time, partner_id, id) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 Content(agreement)));
  if (inserted) return agreement;
  ASSIGN_OR_RETURN(const Agreement there, GetForUpdate(sql, agreement.partner_id, agreement.id));
  if (!there.undone) return AlreadyExists(agreement.name());
  Agreement next = agreement;
  next.revision.version = there.revision.version + 1;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status AgreementStore::Update(mysql::Transaction& sql, const Agreement& agreement) const {
  mysql::Values values = Content(agreement);
  values.push_back(agreement.revision.version - 1);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE agreement SET uid = ?, version = ?, create_time = ?, update_time = ?, "
                               "state = ?, undone = ?, title = ?, text = ?, text_sha256 = ?, effective_from = ?, "
                               "effective_to = ?, signer = ?, sign_time = ? "
                               "WHERE partner_id = ? AND id = ? AND version = ?",
                               values));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, agreement.name());
}

}  // namespace tributary::partner
