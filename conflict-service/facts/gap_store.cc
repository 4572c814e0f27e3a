#include "conflict-service/facts/gap_store.h"

#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kColumns =
    "name, partner, product, lot, from_date, to_date, opening_reported, reported, sell_in, sell_through, "
    "transferred_in, transferred_out, opening_in_transit, in_transit, gap, unexplained, accepted, revision";

// What a later revision may change. The revision is the last, since the others ask for it as it was.
constexpr std::string_view kFigures[] = {
    "opening_reported",   "reported",   "sell_in", "sell_through", "transferred_in", "transferred_out",
    "opening_in_transit", "in_transit", "gap",     "unexplained",  "accepted",       "revision"};

std::optional<Decimal> OptionalDec(const mysql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Dec(column);
}

static_assert(static_cast<int>(UnitEvent::Kind::kShipped) == 2 && static_cast<int>(UnitEvent::Kind::kTakenOver) == 3);

}  // namespace

absl::Status GapStore::Put(mysql::Transaction& sql, const std::vector<ReconciledGap>& gaps) const {
  // One row a name, so that a statement does not meet one twice.
  std::map<std::string_view, const ReconciledGap*> last;
  for (const ReconciledGap& gap : gaps) {
    const ReconciledGap*& kept = last[gap.name];
    if (kept == nullptr || gap.revision >= kept->revision) kept = &gap;
  }
  mysql::Values values;
  for (const auto& [name, gap] : last) {
    values.insert(values.end(),
                  {gap->name, gap->partner, gap->product, mysql::Value(gap->lot), gap->from, gap->to,
                   mysql::Value(gap->opening_reported), mysql::Value(gap->reported), gap->sell_in, gap->sell_through,
                   gap->transferred_in, gap->transferred_out, gap->opening_in_transit, gap->in_transit,
                   mysql::Value(gap->gap), mysql::Value(gap->unexplained), gap->accepted, gap->revision});
  }
  std::string tail = "ON DUPLICATE KEY UPDATE ";
  for (const std::string_view column : kFigures) {
    StrAppend(&tail, column == kFigures[0] ? "" : ", ", column, " = IF(VALUES(revision) >= revision, VALUES(", column,
              "), ", column, ")");
  }
  return sql.InsertRows(StrCat("INSERT INTO reconciled_gap (", kColumns, ") VALUES"), 18, values, tail);
}

absl::StatusOr<std::set<std::string>> GapStore::Handling(mysql::Transaction& sql, const std::string& product,
                                                         const std::optional<std::string>& lot,
                                                         const DateRange& days) const {
  std::set<std::string> partners;
  const auto read = [&](std::string_view select, std::string_view of_lot) -> absl::Status {
    mysql::Values values = {product, days.end, days.start};
    if (lot.has_value() && !of_lot.empty()) values.emplace_back(*lot);
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(select, lot.has_value() ? of_lot : ""), values));
    for (const mysql::Row& row : rows) partners.insert(row.Text(0));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      read("SELECT DISTINCT partner FROM reconciled_gap WHERE product = ? AND from_date < ? AND to_date >= ?",
           " AND (lot IS NULL OR lot = ?)"));
  RETURN_IF_ERROR(
      read("SELECT DISTINCT g.partner FROM sold_goods g JOIN sale s ON s.name = g.sale WHERE g.product = ? AND "
           "g.sale_date < ? AND g.sale_date >= ? AND s.reverses = '' AND "
           "NOT EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name)",
           ""));
  RETURN_IF_ERROR(
      read("SELECT DISTINCT u.partner FROM unit_event u WHERE u.product = ? AND u.event_date < ? AND u.event_date >= ? "
           "AND u.serial <> '' AND u.kind IN (2, 3) AND NOT EXISTS (SELECT 1 FROM unit_event r WHERE r.reverses = "
           "u.source)",
           " AND u.lot = ?"));
  return partners;
}

absl::StatusOr<int64_t> GapStore::CountReconciled(mysql::Transaction& sql, const std::string& product,
                                                  const std::optional<std::string>& lot, Date from, Date to) const {
  mysql::Values values = {product, from, to};
  if (lot.has_value()) values.emplace_back(*lot);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT COUNT(DISTINCT partner) FROM reconciled_gap WHERE product = ? AND from_date "
                       "= ? AND to_date = ?",
                       lot.has_value() ? " AND lot = ?" : ""),
                values));
  return rows.at(0).Int(0);
}

absl::StatusOr<std::vector<ReconciledGap>> GapStore::Of(mysql::Transaction& sql, const std::string& product, Date from,
                                                        Date to) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns,
                                    " FROM reconciled_gap WHERE product = ? AND from_date = ? AND to_date = ? "
                                    "ORDER BY name"),
                             {product, from, to}));
  std::vector<ReconciledGap> gaps;
  gaps.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    ReconciledGap& gap = gaps.emplace_back(ReconciledGap{.name = row.Text(0),
                                                         .partner = row.Text(1),
                                                         .product = row.Text(2),
                                                         .from = row.Day(4),
                                                         .to = row.Day(5),
                                                         .revision = row.Int(17),
                                                         .opening_reported = OptionalDec(row, 6),
                                                         .reported = OptionalDec(row, 7),
                                                         .sell_in = row.Dec(8),
                                                         .sell_through = row.Dec(9),
                                                         .transferred_in = row.Dec(10),
                                                         .transferred_out = row.Dec(11),
                                                         .opening_in_transit = row.Dec(12),
                                                         .in_transit = row.Dec(13),
                                                         .gap = OptionalDec(row, 14),
                                                         .unexplained = OptionalDec(row, 15),
                                                         .accepted = row.Bool(16)});
    if (!row.IsNull(3)) gap.lot = row.Text(3);
  }
  return gaps;
}

}  // namespace tributary::conflict
