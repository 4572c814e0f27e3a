#include "incentive-service/stock_rotations/stock_rotation_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, stock_rotation, uid, version, create_time, update_time, state, way, move_from, move_to, purchases_from, "
    "purchases_to, limit_rate, fee_rate, currency, claim_deadline, note, creator, approver";

absl::StatusOr<std::vector<StockRotation>> Read(mysql::Transaction& sql, std::string_view condition,
                                                const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM stock_rotation WHERE ", condition), values));
  std::vector<StockRotation> rotations;
  rotations.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    rotations.push_back({.partner = row.Text(0),
                         .id = row.Text(1),
                         .uid = row.Id(2),
                         .version = row.Int(3),
                         .create_time = row.Instant(4),
                         .update_time = row.Instant(5),
                         .state = static_cast<StockRotationState>(row.Int(6)),
                         .way = static_cast<RotationWay>(row.Int(7)),
                         .window = {row.Day(8), row.Day(9)},
                         .purchases = {row.Day(10), row.Day(11)},
                         .limit_rate = row.Dec(12),
                         .fee_rate = row.Dec(13),
                         .currency = row.Text(14),
                         .claim_deadline = row.Day(15),
                         .note = row.Text(16),
                         .creator = row.Text(17),
                         .approver = row.Text(18)});
  }
  return rotations;
}

absl::StatusOr<StockRotation> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                     std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<StockRotation> rotations,
                   Read(sql, StrCat("partner = ? AND stock_rotation = ?", lock), {partner, id}));
  if (rotations.empty()) return NotFound(StrCat("partners/", partner, "/stockRotations/", id));
  return std::move(rotations.front());
}

}  // namespace

absl::StatusOr<StockRotation> StockRotationStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                      std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<StockRotation> StockRotationStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                               std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

const std::vector<FilterField>& StockRotationStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"DRAFT", int64_t{1}}, {"APPROVED", int64_t{2}}}),
      FilterField::Day("move_from", "move_from"),
      FilterField::Day("move_to", "move_to"),
      FilterField::Day("claim_deadline", "claim_deadline"),
  };
  return fields;
}

absl::StatusOr<std::vector<StockRotation>> StockRotationStore::List(mysql::Transaction& sql,
                                                                    const std::optional<std::string>& partner,
                                                                    std::string_view after_partner,
                                                                    std::string_view after_id,
                                                                    const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "stock_rotation"}, {after_partner, after_id}, where)
      .With("partner", partner)
      .Read(sql, Read, limit);
}

absl::Status StockRotationStore::Insert(mysql::Transaction& sql, const StockRotation& rotation) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          StrCat("INSERT INTO stock_rotation (", kColumns,
                 ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {rotation.partner, rotation.id, rotation.uid, rotation.version, rotation.create_time, rotation.update_time,
           static_cast<int>(rotation.state), static_cast<int>(rotation.way), rotation.window.start, rotation.window.end,
           rotation.purchases.start, rotation.purchases.end, rotation.limit_rate, rotation.fee_rate, rotation.currency,
           rotation.claim_deadline, rotation.note, rotation.creator, rotation.approver}));
  if (!inserted) return AlreadyExists(rotation.name());
  return absl::OkStatus();
}

absl::Status StockRotationStore::Update(mysql::Transaction& sql, const StockRotation& rotation) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE stock_rotation SET version = ?, update_time = ?, state = ?, approver = ? "
                               "WHERE partner = ? AND stock_rotation = ? AND version = ?",
                               {rotation.version, rotation.update_time, static_cast<int>(rotation.state),
                                rotation.approver, rotation.partner, rotation.id, rotation.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(rotation.name(), " changed while it was being changed"));
}

absl::StatusOr<Decimal> StockRotationStore::Purchases(mysql::Transaction& sql, const StockRotation& rotation) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COALESCE(SUM(net_amount), 0) FROM fact_line WHERE partner = ? AND source = 1 AND "
                             "kind IN (1, 2) AND reversed_seq IS NULL AND ship_basis >= ? AND ship_basis < ? AND "
                             "currency = ?",
                             {rotation.partner, rotation.purchases.start, rotation.purchases.end, rotation.currency}));
  return rows.front().Dec(0);
}

}  // namespace tributary::incentive
