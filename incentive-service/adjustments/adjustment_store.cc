#include "incentive-service/adjustments/adjustment_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, adjustment, uid, version, create_time, update_time, state, currency, amount, program, reason, document, "
    "dispute, requester, decider, decision_note, statement, ordinal, price_change";
constexpr std::string_view kOfRemedy =
    "COALESCE(remedy, ''), COALESCE(remedy_uid, ''), COALESCE(step, 0), COALESCE(compensates, '')";

absl::StatusOr<std::vector<Adjustment>> Read(mysql::Transaction& sql, std::string_view condition,
                                             const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, ", ", kOfRemedy,
                                    " FROM adjustment LEFT JOIN adjustment_step ON of_partner = partner AND "
                                    "of_adjustment = adjustment WHERE ",
                                    condition),
                             values));
  std::vector<Adjustment> adjustments;
  adjustments.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    adjustments.push_back({.partner = row.Text(0),
                           .id = row.Text(1),
                           .uid = row.Id(2),
                           .version = row.Int(3),
                           .create_time = row.Instant(4),
                           .update_time = row.Instant(5),
                           .state = static_cast<AdjustmentState>(row.Int(6)),
                           .currency = row.Text(7),
                           .amount = row.Int(8),
                           .program = row.Text(9),
                           .reason = row.Text(10),
                           .document = row.Text(11),
                           .dispute = row.Text(12),
                           .remedy = row.Text(19),
                           .remedy_uid = row.Text(20),
                           .step = static_cast<int>(row.Int(21)),
                           .compensates = row.Text(22),
                           .requester = row.Text(13),
                           .decider = row.Text(14),
                           .decision_note = row.Text(15),
                           .statement = row.Int(16),
                           .ordinal = row.Int(17),
                           .price_change = row.Text(18)});
  }
  return adjustments;
}

absl::StatusOr<Adjustment> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                  std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Adjustment> adjustments,
                   Read(sql, StrCat("partner = ? AND adjustment = ?", lock), {partner, id}));
  if (adjustments.empty()) return NotFound(StrCat("partners/", partner, "/adjustments/", id));
  return std::move(adjustments.front());
}

absl::StatusOr<AdjustmentLimit> ReadLimit(mysql::Transaction& sql, std::string_view currency, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT currency, version, update_time, most FROM adjustment_limit WHERE "
                                    "currency = ?",
                                    lock),
                             {currency}));
  if (rows.empty()) return NotFound(StrCat("adjustmentLimits/", currency));
  const mysql::Row& row = rows.front();
  return AdjustmentLimit{row.Text(0), row.Int(1), row.Instant(2), row.Int(3)};
}

}  // namespace

absl::StatusOr<Adjustment> AdjustmentStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<Adjustment> AdjustmentStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                         std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

const std::vector<FilterField>& AdjustmentStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state",
                        {{"REQUESTED", int64_t{1}}, {"APPROVED", int64_t{2}}, {"REJECTED", int64_t{3}}}),
      FilterField::String("program", "CASE program WHEN '' THEN NULL ELSE CONCAT('programs/', program) END"),
      FilterField::String("document", "CASE document WHEN '' THEN NULL ELSE document END"),
      FilterField::String("statement",
                          "CASE statement WHEN 0 THEN NULL ELSE CONCAT('partners/', partner, '/statements/', "
                          "statement) END"),
      FilterField::String("remedy", "COALESCE(remedy, '')"),
      FilterField::String("price_change",
                          "CASE price_change WHEN '' THEN NULL ELSE CONCAT('priceChanges/', price_change) END"),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<Adjustment>> AdjustmentStore::List(mysql::Transaction& sql,
                                                              const std::optional<std::string>& partner,
                                                              std::string_view after_partner, std::string_view after_id,
                                                              const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "adjustment"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, Read, limit);
}

absl::StatusOr<std::vector<Adjustment>> AdjustmentStore::OfStep(mysql::Transaction& sql, std::string_view remedy,
                                                                std::string_view remedy_uid, int step) const {
  return Read(sql, "remedy = ? AND remedy_uid = ? AND step = ?", {remedy, remedy_uid, step});
}

absl::StatusOr<int64_t> AdjustmentStore::AskedFor(mysql::Transaction& sql, std::string_view price_change,
                                                  std::string_view partner) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COALESCE(SUM(amount), 0) FROM adjustment WHERE price_change = ? AND partner = ? "
                             "AND state <> ?",
                             {price_change, partner, static_cast<int>(AdjustmentState::kRejected)}));
  return rows.front().Int(0);
}

absl::Status AdjustmentStore::Insert(mysql::Transaction& sql, const Adjustment& adjustment) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO adjustment (", kColumns,
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {adjustment.partner, adjustment.id, adjustment.uid, adjustment.version, adjustment.create_time,
                     adjustment.update_time, static_cast<int>(adjustment.state), adjustment.currency, adjustment.amount,
                     adjustment.program, adjustment.reason, adjustment.document, adjustment.dispute,
                     adjustment.requester, adjustment.decider, adjustment.decision_note, adjustment.statement,
                     adjustment.ordinal, adjustment.price_change}));
  if (!inserted) return AlreadyExists(adjustment.name());
  if (adjustment.remedy.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const bool first,
      sql.TryInsert("INSERT INTO adjustment_step (of_partner, of_adjustment, remedy, remedy_uid, step, compensates) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    {adjustment.partner, adjustment.id, adjustment.remedy, adjustment.remedy_uid, adjustment.step,
                     adjustment.compensates}));
  return first ? absl::OkStatus() : AlreadyExists(StrCat("an adjustment of ", adjustment.remedy));
}

absl::Status AdjustmentStore::Update(mysql::Transaction& sql, const Adjustment& adjustment) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE adjustment SET version = ?, update_time = ?, state = ?, decider = ?, "
                  "decision_note = ? WHERE partner = ? AND adjustment = ? AND version = ?",
                  {adjustment.version, adjustment.update_time, static_cast<int>(adjustment.state), adjustment.decider,
                   adjustment.decision_note, adjustment.partner, adjustment.id, adjustment.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(adjustment.name(), " changed while it was being changed"));
}

absl::StatusOr<std::vector<StatementAdjustment>> AdjustmentStore::Waiting(mysql::Transaction& sql,
                                                                          std::string_view partner,
                                                                          std::string_view currency) const {
  ASSIGN_OR_RETURN(std::vector<Adjustment> adjustments,
                   Read(sql,
                        "partner = ? AND statement = 0 AND state = ? AND currency = ? ORDER BY create_time, adjustment "
                        "FOR UPDATE",
                        {partner, static_cast<int>(AdjustmentState::kApproved), currency}));
  std::vector<StatementAdjustment> waiting;
  waiting.reserve(adjustments.size());
  for (Adjustment& adjustment : adjustments) {
    waiting.push_back({.adjustment = std::move(adjustment.id),
                       .program = std::move(adjustment.program),
                       .reason = std::move(adjustment.reason),
                       .document = std::move(adjustment.document),
                       .amount = adjustment.amount});
  }
  return waiting;
}

absl::Status AdjustmentStore::MarkTaken(mysql::Transaction& sql, const Statement& statement, absl::Time now) const {
  for (const StatementAdjustment& adjustment : statement.adjustments) {
    RETURN_IF_ERROR(sql.Execute("UPDATE adjustment SET version = version + 1, update_time = ?, statement = ?, "
                                "ordinal = ? WHERE partner = ? AND adjustment = ?",
                                {now, statement.number, adjustment.ordinal, statement.partner, adjustment.adjustment})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<AdjustmentLimit> AdjustmentStore::GetLimit(mysql::Transaction& sql, std::string_view currency) const {
  return ReadLimit(sql, currency, "");
}

absl::StatusOr<AdjustmentLimit> AdjustmentStore::GetLimitForUpdate(mysql::Transaction& sql,
                                                                   std::string_view currency) const {
  return ReadLimit(sql, currency, " FOR UPDATE");
}

absl::Status AdjustmentStore::PutLimit(mysql::Transaction& sql, AdjustmentLimit* limit) const {
  RETURN_IF_ERROR(sql.Execute("INSERT INTO adjustment_limit (currency, version, update_time, most) VALUES (?, 1, ?, ?) "
                              "ON DUPLICATE KEY UPDATE version = version + 1, update_time = VALUES(update_time), "
                              "most = VALUES(most)",
                              {limit->currency, limit->update_time, limit->most})
                      .status());
  ASSIGN_OR_RETURN(*limit, GetLimit(sql, limit->currency));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
