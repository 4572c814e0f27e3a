#include "conflict-service/facts/lot_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {

absl::Status LotStore::Put(mysql::Transaction& sql, const std::vector<LotFlow>& flows) const {
  mysql::Values rows;
  for (const LotFlow& flow : flows) {
    rows.insert(rows.end(), {flow.source, static_cast<int>(flow.kind), flow.partner, flow.product, flow.lot, flow.date,
                             flow.quantity, flow.reverses});
  }
  return sql.InsertRows(
      "INSERT INTO lot_flow (source, kind, partner, product, lot, flow_date, quantity, reverses) VALUES", 8, rows,
      "ON DUPLICATE KEY UPDATE source = VALUES(source)");
}

absl::StatusOr<LotStore::Lots> LotStore::Of(mysql::Transaction& sql, const std::set<std::string>& sources) const {
  Lots lots;
  RETURN_IF_ERROR(ForNames(sources, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT DISTINCT product, lot FROM lot_flow WHERE lot <> '' AND source IN ", in), values));
    for (const mysql::Row& row : rows) lots.emplace(row.Text(0), row.Text(1));
    return absl::OkStatus();
  }));
  return lots;
}

absl::StatusOr<LotStore::Lots> LotStore::SoldIn(mysql::Transaction& sql, const DateRange& days) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT DISTINCT product, lot FROM lot_flow WHERE kind = ? AND lot <> '' AND flow_date >= ? "
                "AND flow_date < ?",
                {static_cast<int>(LotFlow::Kind::kSold), days.start, days.end}));
  Lots lots;
  for (const mysql::Row& row : rows) lots.emplace(row.Text(0), row.Text(1));
  return lots;
}

absl::StatusOr<LotTotals> LotStore::TotalsOf(mysql::Transaction& sql, const std::string& product,
                                             const std::string& lot) const {
  // A reversed sale is in the table sale too, whose reversal need not tell the lot.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT l.kind, l.partner, SUM(l.quantity), MAX(l.flow_date) FROM lot_flow l WHERE l.product = ? AND "
                "l.lot = ? AND l.reverses = '' AND NOT EXISTS (SELECT 1 FROM lot_flow r WHERE r.reverses = l.source) "
                "AND NOT EXISTS (SELECT 1 FROM sale s WHERE s.reverses = l.source) GROUP BY l.kind, l.partner",
                {product, lot}));
  LotTotals totals{.product = product, .lot = lot, .shipped = {}, .sold = {}, .last = {}};
  bool any = false;
  for (const mysql::Row& row : rows) {
    if (static_cast<LotFlow::Kind>(row.Int(0)) == LotFlow::Kind::kShipped) {
      totals.shipped += row.Dec(2);
      continue;
    }
    totals.sold[row.Text(1)] += row.Dec(2);
    totals.last = any ? std::max(totals.last, row.Day(3)) : row.Day(3);
    any = true;
  }
  return totals;
}

}  // namespace tributary::conflict
