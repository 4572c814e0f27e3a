#include "incentive-service/deductions/deduction_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kDeductionColumns =
    "partner, deduction, uid, version, create_time, update_time, state, invoice, currency, amount, taken_on, reason, "
    "recorder, resolver, resolution_note, written_off";

absl::StatusOr<std::vector<Deduction>> ReadDeductions(mysql::Transaction& sql, std::string_view condition,
                                                      const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kDeductionColumns, " FROM deduction WHERE ", condition), values));
  std::vector<Deduction> deductions;
  deductions.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    deductions.push_back({.partner = row.Text(0),
                          .id = row.Text(1),
                          .uid = row.Id(2),
                          .version = row.Int(3),
                          .create_time = row.Instant(4),
                          .update_time = row.Instant(5),
                          .state = static_cast<DeductionState>(row.Int(6)),
                          .invoice = row.Text(7),
                          .currency = row.Text(8),
                          .amount = row.Int(9),
                          .taken_on = row.Day(10),
                          .reason = row.Text(11),
                          .recorder = row.Text(12),
                          .resolver = row.Text(13),
                          .resolution_note = row.Text(14),
                          .written_off = row.Int(15)});
  }
  for (Deduction& deduction : deductions) {
    ASSIGN_OR_RETURN(
        const mysql::Rows matches,
        sql.Query("SELECT item, amount, principal, match_time, note FROM deduction_match WHERE partner = ? AND "
                  "deduction = ? ORDER BY ordinal",
                  {deduction.partner, deduction.id}));
    for (const mysql::Row& row : matches) {
      deduction.matches.push_back({row.Text(0), row.Int(1), row.Text(2), row.Instant(3), row.Text(4)});
    }
  }
  return deductions;
}

absl::StatusOr<Deduction> ReadDeduction(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                        std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Deduction> deductions,
                   ReadDeductions(sql, StrCat("partner = ? AND deduction = ?", lock), {partner, id}));
  if (deductions.empty()) return NotFound(StrCat("partners/", partner, "/deductions/", id));
  return std::move(deductions.front());
}

}  // namespace

absl::StatusOr<Deduction> DeductionStore::Get(mysql::Transaction& sql, std::string_view partner,
                                              std::string_view id) const {
  return ReadDeduction(sql, partner, id, "");
}

absl::StatusOr<Deduction> DeductionStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                       std::string_view id) const {
  return ReadDeduction(sql, partner, id, " FOR UPDATE");
}

const std::vector<FilterField>& DeductionStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum(
          "state", "state",
          {{"OPEN", int64_t{1}}, {"MATCHED", int64_t{2}}, {"WRITTEN_OFF", int64_t{3}}, {"CHARGED_BACK", int64_t{4}}}),
      FilterField::String("invoice", "CONCAT('partners/', partner, '/invoices/', invoice)"),
      FilterField::String("currency", "currency"),
      FilterField::Day("taken_on", "taken_on"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<Deduction>> DeductionStore::List(mysql::Transaction& sql,
                                                            const std::optional<std::string>& partner,
                                                            std::string_view after_partner, std::string_view after_id,
                                                            const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "deduction"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, ReadDeductions, limit);
}

absl::StatusOr<std::vector<Deduction>> DeductionStore::Open(mysql::Transaction& sql, std::string_view partner) const {
  return ReadDeductions(sql, "partner = ? AND state = ? ORDER BY currency, taken_on, deduction",
                        {partner, static_cast<int>(DeductionState::kOpen)});
}

absl::StatusOr<std::vector<Deduction>> DeductionStore::OfInvoice(mysql::Transaction& sql, std::string_view partner,
                                                                 std::string_view invoice) const {
  return ReadDeductions(sql, "partner = ? AND invoice = ? ORDER BY deduction", {partner, invoice});
}

absl::Status DeductionStore::Insert(mysql::Transaction& sql, const Deduction& deduction) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO deduction (", kDeductionColumns,
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {deduction.partner, deduction.id, deduction.uid, deduction.version, deduction.create_time,
                     deduction.update_time, static_cast<int>(deduction.state), deduction.invoice, deduction.currency,
                     deduction.amount, deduction.taken_on, deduction.reason, deduction.recorder, deduction.resolver,
                     deduction.resolution_note, deduction.written_off}));
  return inserted ? absl::OkStatus() : AlreadyExists(deduction.name());
}

absl::Status DeductionStore::Update(mysql::Transaction& sql, const Deduction& before, const Deduction& after) const {
  ASSIGN_OR_RETURN(
      const int64_t updated,
      sql.Execute("UPDATE deduction SET version = ?, update_time = ?, state = ?, resolver = ?, resolution_note = ?, "
                  "written_off = ? WHERE partner = ? AND deduction = ? AND version = ?",
                  {after.version, after.update_time, static_cast<int>(after.state), after.resolver,
                   after.resolution_note, after.written_off, after.partner, after.id, before.version}));
  if (updated != 1) return Error(Reason::kConflictRetry, StrCat(after.name(), " changed while it was being changed"));
  mysql::Values values;
  for (size_t i = before.matches.size(); i < after.matches.size(); ++i) {
    const DeductionMatch& match = after.matches[i];
    values.insert(values.end(), {after.partner, after.id, static_cast<int64_t>(i) + 1, match.item, match.amount,
                                 match.principal, match.match_time, match.note});
  }
  if (!values.empty()) {
    RETURN_IF_ERROR(sql.InsertRows(
        "INSERT INTO deduction_match (partner, deduction, ordinal, item, amount, principal, match_time, note) VALUES",
        8, values));
  }
  return LedgerStore().Post(sql, MoveOf(before, after), after.update_time);
}

absl::StatusOr<std::optional<std::string>> DeductionStore::CurrencyOfInvoice(mysql::Transaction& sql,
                                                                             std::string_view partner,
                                                                             std::string_view invoice) const {
  // All lines of an invoice have one currency, and '0' comes behind '/'.
  const std::string first = StrCat("invoices/", invoice, "/lines/");
  const std::string end = StrCat("invoices/", invoice, "/lines0");
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT currency FROM fact_line WHERE partner = ? AND fact >= ? AND fact < ? AND source = ? "
                "ORDER BY fact LIMIT 1",
                {partner, first, end, static_cast<int>(FactSource::kInvoice)}));
  if (rows.empty()) return std::optional<std::string>();
  return std::optional<std::string>(rows.front().Text(0));
}

}  // namespace tributary::incentive
