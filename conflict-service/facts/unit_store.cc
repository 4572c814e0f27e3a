#include "conflict-service/facts/unit_store.h"

#include <map>
#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

Scan ScanOf(const mysql::Row& row) {
  return {.name = row.Text(0),
          .kind = static_cast<Scan::Kind>(row.Int(1)),
          .product = row.Text(2),
          .serial = row.Text(3),
          .region = row.Text(4),
          .date = row.Day(5)};
}

}  // namespace

absl::Status UnitStore::PutShipped(mysql::Transaction& sql, const std::vector<ShippedUnits>& shipped) const {
  mysql::Values rows;
  const auto add = [&rows](const ShippedUnits& units, std::string_view serial) {
    rows.insert(rows.end(), {units.product, serial, units.line, units.partner, units.product_line, units.lot,
                             units.date, units.is_return, units.reverses});
  };
  for (const ShippedUnits& units : shipped) {
    if (!units.reverses.empty()) {
      add(units, "");
      continue;
    }
    for (const std::string& serial : units.serials) add(units, serial);
  }
  return sql.InsertRows(
      "INSERT INTO shipped_serial (product, serial, line, partner, product_line, lot, ship_date, is_return, reverses) "
      "VALUES",
      9, rows, "ON DUPLICATE KEY UPDATE line = VALUES(line)");
}

absl::StatusOr<int> UnitStore::PutScans(mysql::Transaction& sql, const std::vector<Scan>& scans) const {
  std::set<std::string> names;
  for (const Scan& scan : scans) names.insert(scan.name);
  std::map<std::string, Scan> known;
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT name, kind, product, serial, region, scan_date FROM scan_event WHERE name IN ", in),
                  values));
    for (const mysql::Row& row : rows) known.emplace(row.Text(0), ScanOf(row));
    return absl::OkStatus();
  }));
  mysql::Values rows;
  int fresh = 0;
  for (size_t i = 0; i < scans.size(); ++i) {
    const auto [place, is_new] = known.emplace(scans[i].name, scans[i]);
    if (!(place->second == scans[i])) {
      return Error(Reason::kRowConflict, StrCat("scan_events[", i, "]: ", scans[i].name,
                                                " is known with other content; want a name of its own"));
    }
    if (!is_new) continue;
    ++fresh;
    rows.insert(rows.end(), {scans[i].name, static_cast<int>(scans[i].kind), scans[i].product, scans[i].serial,
                             scans[i].region, scans[i].date});
  }
  RETURN_IF_ERROR(
      sql.InsertRows("INSERT INTO scan_event (name, kind, product, serial, region, scan_date) VALUES", 6, rows));
  return fresh;
}

absl::StatusOr<std::vector<SeenUnit>> UnitStore::Seen(mysql::Transaction& sql, const std::string& product,
                                                      const DateRange& period) const {
  // Of one day the return comes first: who sends a unit on has taken it back before.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT s.name, s.serial, s.region, s.scan_date, u.partner, u.lot, u.product_line, "
                             "u.is_return FROM scan_event s JOIN shipped_serial u ON u.product = s.product AND "
                             "u.serial = s.serial AND u.ship_date <= s.scan_date "
                             "WHERE s.product = ? AND s.scan_date >= ? AND s.scan_date < ? AND u.reverses = '' "
                             "AND NOT EXISTS (SELECT 1 FROM shipped_serial r WHERE r.reverses = u.line) "
                             "ORDER BY s.name, u.ship_date, u.is_return DESC, u.line",
                             {product, period.start, period.end}));
  std::vector<SeenUnit> seen;
  for (size_t i = 0; i < rows.size(); ++i) {
    const mysql::Row& row = rows[i];
    const bool last = i + 1 == rows.size() || rows[i + 1].Bytes(0) != row.Bytes(0);
    if (!last || row.Bool(7)) continue;
    seen.push_back({.serial = row.Text(1),
                    .region = row.Text(2),
                    .date = row.Day(3),
                    .owner = row.Text(4),
                    .lot = row.Text(5),
                    .product_line = row.Text(6)});
  }
  return seen;
}

}  // namespace tributary::conflict
