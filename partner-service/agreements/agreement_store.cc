#include "partner-service/agreements/agreement_store.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "partner-service/agreements/renewal.h"
#include "partner-service/known_revision.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

// Of agreement and agreement_revision, in the order in which Stored gives their values and FromRow reads them.
constexpr std::string_view kColumns =
    "partner_id, id, uid, version, create_time, update_time, state, undone, title, text, text_sha256, effective_from, "
    "effective_to, vendor_signer, vendor_sign_time, partner_signer, partner_sign_time, both_sign, binding, has_terms, "
    "price_list, programs, after_sales_duties, regions, product_lines, exclusivity, rights, breach, disputes, "
    "termination_notice_days, text_template, text_language, party, renewal_notice_days, predecessor, successor, "
    "termination_reason";
// Of agreement alone.
constexpr std::string_view kNoticeColumns = "notice_told, notice_day";
constexpr std::string_view kHolds =
    "binding = 1 AND undone = 0 AND effective_from <= ? AND (effective_to IS NULL OR effective_to > ?)";

std::string Select(std::string_view table) {
  return StrCat("SELECT ", kColumns, table == "agreement" ? ", notice_told" : "", " FROM ", table, " ");
}

AgreementTerms TermsOf(const mysql::Row& row) {
  return {.price_list = row.Text(20),
          .programs = SplitLines(row.Bytes(21)),
          .after_sales_duties = SplitLines(row.Bytes(22)),
          .regions = SplitLines(row.Bytes(23)),
          .product_lines = SplitLines(row.Bytes(24)),
          .exclusivity = row.Int(25) == 0 ? std::nullopt : std::optional(static_cast<Exclusivity>(row.Int(25))),
          .rights = SplitLines(row.Bytes(26)),
          .breach = row.Text(27),
          .disputes = row.Text(28),
          .termination_notice_days = static_cast<int>(row.Int(29))};
}

Agreement FromRow(const mysql::Row& row) {
  Agreement agreement{.partner_id = row.Text(0),
                      .id = row.Text(1),
                      .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                      .state = static_cast<AgreementState>(row.Int(6)),
                      .undone = row.Bool(7),
                      .title = row.Text(8),
                      .text = row.Text(9),
                      .text_sha256 = row.Text(10),
                      .effective = {row.Day(11), row.IsNull(12) ? OpenEnd() : row.Day(12)},
                      .both_sign = row.Bool(17),
                      .binding = row.Bool(18),
                      .text_template = static_cast<AgreementTemplate>(row.Int(30)),
                      .language = static_cast<AgreementLanguage>(row.Int(31)),
                      .party = row.Text(32),
                      .renewal_notice_days = static_cast<int>(row.Int(33)),
                      .predecessor = row.Text(34),
                      .successor = row.Text(35),
                      .termination_reason = row.Text(36)};
  // A signature names the hash of the text, which never changes.
  for (const auto& [column, side] : {std::pair(13, AgreementSide::kVendor), std::pair(15, AgreementSide::kPartner)}) {
    if (row.IsNull(column + 1)) continue;
    agreement.signatures.push_back({side, row.Text(column), row.Instant(column + 1), agreement.text_sha256});
  }
  if (row.Bool(19)) agreement.terms = TermsOf(row);
  if (row.size() > 37) agreement.told = static_cast<AgreementNotice>(row.Int(37));
  return agreement;
}

std::vector<Agreement> FromRows(const mysql::Rows& rows) {
  std::vector<Agreement> agreements;
  agreements.reserve(rows.size());
  for (const mysql::Row& row : rows) agreements.push_back(FromRow(row));
  return agreements;
}

absl::StatusOr<Agreement> Only(const absl::StatusOr<mysql::Rows>& rows, std::string_view partner_id,
                               std::string_view id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->empty()) return NotFound(StrCat("partners/", partner_id, "/agreements/", id));
  return FromRow(rows->front());
}

// The values of kColumns and kNoticeColumns; looks into `a`, which outlives it.
class Stored {
 public:
  explicit Stored(const Agreement& a)
      : terms_(a.terms.value_or(AgreementTerms())),
        programs_(JoinLines(terms_.programs)),
        after_sales_duties_(JoinLines(terms_.after_sales_duties)),
        regions_(JoinLines(terms_.regions)),
        product_lines_(JoinLines(terms_.product_lines)),
        rights_(JoinLines(terms_.rights)) {
    values_ = {a.partner_id,
               a.id,
               a.revision.uid,
               a.revision.version,
               a.revision.create_time,
               a.revision.update_time,
               static_cast<int>(a.state),
               a.undone,
               a.title,
               a.text,
               a.text_sha256,
               a.effective.start,
               a.effective.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(a.effective.end)};
    for (const AgreementSide side : {AgreementSide::kVendor, AgreementSide::kPartner}) {
      const auto signature = std::find_if(a.signatures.begin(), a.signatures.end(),
                                          [side](const Signature& one) { return one.side == side; });
      const bool has_signed = signature != a.signatures.end();
      values_.push_back(has_signed ? mysql::Value(signature->signer) : mysql::Value(""));
      values_.push_back(has_signed ? mysql::Value(signature->sign_time) : mysql::Value(std::nullopt));
    }
    const int exclusivity = terms_.exclusivity.has_value() ? static_cast<int>(*terms_.exclusivity) : 0;
    values_.insert(values_.end(), {a.both_sign,
                                   a.binding,
                                   a.terms.has_value(),
                                   terms_.price_list,
                                   programs_,
                                   after_sales_duties_,
                                   regions_,
                                   product_lines_,
                                   exclusivity,
                                   rights_,
                                   terms_.breach,
                                   terms_.disputes,
                                   terms_.termination_notice_days,
                                   static_cast<int>(a.text_template),
                                   static_cast<int>(a.language),
                                   a.party,
                                   a.renewal_notice_days,
                                   a.predecessor,
                                   a.successor,
                                   a.termination_reason});
    const std::optional<DueNotice> notice = NextNotice(a);
    values_.push_back(static_cast<int>(a.told));
    values_.push_back(notice.has_value() ? mysql::Value(notice->day) : mysql::Value(std::nullopt));
  }
  Stored(const Stored&) = delete;
  mysql::Values& values() { return values_; }

 private:
  const AgreementTerms terms_;
  const std::string programs_, after_sales_duties_, regions_, product_lines_, rights_;
  mysql::Values values_;
};

absl::Status Keep(mysql::Transaction& sql, const Agreement& a) {
  return KeepRevision(sql, "agreement", kColumns, a.partner_id, a.id, a.revision.version, a.revision.update_time);
}

}  // namespace

const std::vector<FilterField>& AgreementStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(AgreementState::kDraft, AgreementState::kTerminated)),
      FilterField::Day("effective_from", "effective_from"),
      FilterField::Day("effective_to", "effective_to"),
      FilterField::String("price_list", "price_list"),
      FilterField::String("predecessor",
                          "IF(predecessor = '', NULL, CONCAT('partners/', partner_id, '/agreements/', predecessor))"),
  };
  return fields;
}

absl::StatusOr<Agreement> AgreementStore::Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                              const AsOf& as_of) const {
  const AsOfRows rows("agreement", kHolds, as_of);
  mysql::Values values = {partner_id, id};
  values.insert(values.end(), rows.values().begin(), rows.values().end());
  return Only(sql.Query(StrCat(Select(rows.table()), "WHERE partner_id = ? AND id = ? AND ", rows.sql()), values),
              partner_id, id);
}

absl::StatusOr<Agreement> AgreementStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                       std::string_view id) const {
  return Only(sql.Query(StrCat(Select("agreement"), "WHERE partner_id = ? AND id = ? FOR UPDATE"), {partner_id, id}),
              partner_id, id);
}

absl::StatusOr<Agreement> AgreementStore::GetRevision(mysql::Transaction& sql, std::string_view partner_id,
                                                      std::string_view id, int64_t version) const {
  return Only(sql.Query(StrCat(Select("agreement_revision"), "WHERE partner_id = ? AND id = ? AND version = ?"),
                        {partner_id, id, version}),
              partner_id, StrCat(id, "@", version));
}

absl::StatusOr<std::vector<Agreement>> AgreementStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                            const Page& page, const AsOf& as_of) const {
  const AsOfRows as_of_rows("agreement", kHolds, as_of);
  const RowPage rows_of = ChildPage(partner_id, page).Where(as_of_rows.sql(), as_of_rows.values());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(Select(as_of_rows.table()), rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Agreement>> AgreementStore::ListRevisions(mysql::Transaction& sql,
                                                                     std::string_view partner_id, std::string_view id,
                                                                     const Page& page) const {
  const std::string after(page.after(0));
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(Select("agreement_revision"),
                                    "WHERE partner_id = ? AND id = ? AND version > ? ORDER BY version LIMIT ?"),
                             {partner_id, id, after.empty() ? int64_t{0} : int64_t{std::stoll(after)}, page.limit()}));
  return FromRows(rows);
}

absl::StatusOr<std::vector<Agreement>> AgreementStore::OfPartner(mysql::Transaction& sql,
                                                                 std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(Select("agreement"), "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> AgreementStore::WithDueNotice(mysql::Transaction& sql,
                                                                                               absl::Time now,
                                                                                               int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id, id FROM agreement WHERE notice_day <= ? ORDER BY notice_day LIMIT ?",
                             {UtcToday(now), limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

absl::StatusOr<Agreement> AgreementStore::Create(mysql::Transaction& sql, const Agreement& agreement) const {
  Stored stored(agreement);
  std::string placeholders = "?";
  for (size_t i = 1; i < stored.values().size(); ++i) placeholders += ", ?";
  ASSIGN_OR_RETURN(const bool inserted, sql.TryInsert(StrCat("INSERT INTO agreement (", kColumns, ", ", kNoticeColumns,
                                                             ") VALUES (", placeholders, ")"),
                                                      stored.values()));
  if (inserted) {
    RETURN_IF_ERROR(Keep(sql, agreement));
    return agreement;
  }
  ASSIGN_OR_RETURN(const Agreement there, GetForUpdate(sql, agreement.partner_id, agreement.id));
  if (!there.undone) return AlreadyExists(agreement.name());
  Agreement next = agreement;
  const Revision after = After(there.revision, agreement.revision.update_time);
  next.revision.version = after.version;
  next.revision.update_time = after.update_time;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status AgreementStore::Update(mysql::Transaction& sql, const Agreement& agreement) const {
  static const auto& statement =
      *new std::string(StrCat("UPDATE agreement SET ", Assignments(kColumns), ", ", Assignments(kNoticeColumns),
                              " WHERE partner_id = ? AND id = ? AND version = ?"));
  Stored stored(agreement);
  mysql::Values& values = stored.values();
  values.insert(values.end(), {agreement.partner_id, agreement.id, agreement.revision.version - 1});
  ASSIGN_OR_RETURN(const int64_t matched, sql.Execute(statement, values));
  if (matched != 1) return ChangedMeanwhile(sql, agreement.name());
  return Keep(sql, agreement);
}

absl::Status AgreementStore::UpdateTold(mysql::Transaction& sql, const Agreement& agreement) const {
  const std::optional<DueNotice> notice = NextNotice(agreement);
  return sql
      .Execute("UPDATE agreement SET notice_told = ?, notice_day = ? WHERE partner_id = ? AND id = ?",
               {static_cast<int>(agreement.told),
                notice.has_value() ? mysql::Value(notice->day) : mysql::Value(std::nullopt), agreement.partner_id,
                agreement.id})
      .status();
}

}  // namespace tributary::partner
