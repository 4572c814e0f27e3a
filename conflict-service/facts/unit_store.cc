#include "conflict-service/facts/unit_store.h"

#include <map>
#include <string_view>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

using Kind = UnitEvent::Kind;

constexpr std::string_view kScanColumns = "name, kind, product, serial, container, region, scan_date";

Scan ScanOf(const mysql::Row& row) {
  return {.name = row.Text(0),
          .kind = static_cast<Scan::Kind>(row.Int(1)),
          .product = row.Text(2),
          .serial = row.Text(3),
          .container = row.Text(4),
          .region = row.Text(5),
          .date = row.Day(6)};
}

// Rows of unit_event, whose texts outlive it.
class EventRows {
 public:
  void Add(std::string_view product, std::string_view serial, std::string_view source, Kind kind, Date date,
           std::string_view partner, std::string_view giver, std::string_view region, std::string_view product_line,
           std::string_view lot, std::string_view reverses) {
    values_.insert(values_.end(), {product, serial, source, static_cast<int>(kind), date, partner, giver, region,
                                   product_line, lot, reverses});
  }
  absl::Status Store(mysql::Transaction& sql) const {
    return sql.InsertRows(
        "INSERT INTO unit_event (product, serial, source, kind, event_date, partner, giver, region, product_line, lot, "
        "reverses) VALUES",
        11, values_, "ON DUPLICATE KEY UPDATE source = VALUES(source)");
  }

 private:
  mysql::Values values_;
};

// A reversal has one row, of no unit.
std::vector<std::string> RowsOf(const std::vector<std::string>& serials, const std::string& reverses) {
  return reverses.empty() ? serials : std::vector<std::string>{""};
}

constexpr std::string_view kSeen = " u.kind IN (4, 5) ";
static_assert(static_cast<int>(Kind::kSeen) == 4 && static_cast<int>(Kind::kSold) == 5);

constexpr std::string_view kStands =
    "u.reverses = '' AND NOT EXISTS (SELECT 1 FROM unit_event r WHERE r.reverses = u.source) AND NOT EXISTS (SELECT 1 "
    "FROM sale s WHERE s.reverses = u.source)";

// Those of the rows `u` of unit_event that `where` chooses.
absl::Status ReadMonths(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                        MonthsSeen* months) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT DISTINCT u.product, CAST(u.event_date - INTERVAL (DAY(u.event_date) - 1) "
                                    "DAY AS DATE) FROM unit_event u WHERE",
                                    kSeen, where),
                             values));
  for (const mysql::Row& row : rows) months->emplace(row.Text(0), row.Day(1));
  return absl::OkStatus();
}

// Those of the units whose events have one of these names in this column.
absl::Status ReadMonthsOfUnits(mysql::Transaction& sql, std::string_view column, const std::set<std::string>& names,
                               MonthsSeen* months) {
  return ForNames(names, [&](const std::string& in, const mysql::Values& values) {
    return ReadMonths(
        sql,
        StrCat("AND EXISTS (SELECT 1 FROM unit_event p WHERE p.product = u.product AND p.serial = u.serial AND p.",
               column, " IN ", in, ")"),
        values, months);
  });
}

}  // namespace

absl::Status UnitStore::PutShipped(mysql::Transaction& sql, const std::vector<ShippedUnits>& shipped) const {
  EventRows rows;
  Texts texts;
  for (const ShippedUnits& units : shipped) {
    for (const std::string& serial : RowsOf(units.serials, units.reverses)) {
      rows.Add(units.product, texts.Keep(serial), units.line, units.is_return ? Kind::kReturned : Kind::kShipped,
               units.date, units.partner, "", "", units.product_line, units.lot, units.reverses);
    }
  }
  return rows.Store(sql);
}

absl::Status UnitStore::PutHandedOver(mysql::Transaction& sql, const std::vector<HandedOver>& handed_over) const {
  EventRows rows;
  Texts texts;
  for (const HandedOver& units : handed_over) {
    for (const std::string& serial : RowsOf(units.serials, units.reverses)) {
      rows.Add(units.product, texts.Keep(serial), units.movement, Kind::kTakenOver, units.date, units.partner,
               units.giver, "", units.product_line, units.lot, units.reverses);
    }
  }
  return rows.Store(sql);
}

absl::Status UnitStore::PutSold(mysql::Transaction& sql, const std::vector<SoldSerials>& sold) const {
  EventRows rows;
  for (const SoldSerials& units : sold) {
    for (const std::string& serial : units.serials) {
      rows.Add(units.product, serial, units.sale, Kind::kSold, units.date, units.partner, "", units.region,
               units.product_line, units.lot, "");
    }
  }
  return rows.Store(sql);
}

absl::StatusOr<std::vector<Scan>> UnitStore::PutScans(mysql::Transaction& sql, const std::vector<Scan>& scans) const {
  std::set<std::string> names;
  for (const Scan& scan : scans) names.insert(scan.name);
  std::map<std::string, Scan> known;
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kScanColumns, " FROM scan_event WHERE name IN ", in), values));
    for (const mysql::Row& row : rows) known.emplace(row.Text(0), ScanOf(row));
    return absl::OkStatus();
  }));
  mysql::Values rows;
  EventRows seen;
  std::vector<Scan> fresh;
  for (size_t i = 0; i < scans.size(); ++i) {
    const Scan& scan = scans[i];
    const auto [place, is_new] = known.emplace(scan.name, scan);
    if (!(place->second == scan)) {
      return Error(Reason::kRowConflict,
                   StrCat("scan_events[", i, "]: ", scan.name, " is known with other content; want a name of its own"));
    }
    if (!is_new) continue;
    fresh.push_back(scan);
    rows.insert(rows.end(), {scan.name, static_cast<int>(scan.kind), scan.product, scan.serial, scan.container,
                             scan.region, scan.date});
    if (!scan.container.empty()) continue;
    seen.Add(scan.product, scan.serial, scan.name, Kind::kSeen, scan.date, "", "", scan.region, "", "", "");
  }
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO scan_event (", kScanColumns, ") VALUES"), 7, rows));
  RETURN_IF_ERROR(seen.Store(sql));
  return fresh;
}

absl::StatusOr<std::vector<Scan>> UnitStore::ScansOf(mysql::Transaction& sql,
                                                     const std::set<std::string>& containers) const {
  std::vector<Scan> scans;
  RETURN_IF_ERROR(ForNames(containers, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kScanColumns, " FROM scan_event WHERE container IN ", in), values));
    for (const mysql::Row& row : rows) scans.push_back(ScanOf(row));
    return absl::OkStatus();
  }));
  return scans;
}

absl::StatusOr<Units> UnitStore::Show(mysql::Transaction& sql, const Scan& scan, const Units& units) const {
  ASSIGN_OR_RETURN(Units before, UnitsIn(sql, {scan.name}));
  if (before == units) return before;
  RETURN_IF_ERROR(sql.Execute("DELETE FROM unit_event WHERE source = ?", {scan.name}).status());
  EventRows rows;
  for (const auto& [product, serials] : units) {
    for (const std::string& serial : serials) {
      rows.Add(product, serial, scan.name, Kind::kSeen, scan.date, "", "", scan.region, "", "", "");
    }
  }
  RETURN_IF_ERROR(rows.Store(sql));
  return before;
}

absl::StatusOr<std::vector<UnitEvent>> UnitStore::EventsOf(mysql::Transaction& sql, const std::string& product,
                                                           const DateRange& period) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT u.kind, u.serial, u.source, u.event_date, u.partner, u.giver, u.region, u.product_line, "
                       "u.lot FROM (SELECT DISTINCT u.serial FROM unit_event u WHERE u.product = ? AND",
                       kSeen,
                       "AND u.event_date >= ? AND u.event_date < ?) i JOIN unit_event u ON u.product = ? AND u.serial "
                       "= i.serial WHERE u.event_date < ? AND ",
                       kStands),
                {product, period.start, period.end, product, period.end}));
  std::vector<UnitEvent> events;
  events.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    events.push_back({.kind = static_cast<Kind>(row.Int(0)),
                      .serial = row.Text(1),
                      .source = row.Text(2),
                      .date = row.Day(3),
                      .partner = row.Text(4),
                      .giver = row.Text(5),
                      .region = row.Text(6),
                      .product_line = row.Text(7),
                      .lot = row.Text(8)});
  }
  return events;
}

absl::StatusOr<Units> UnitStore::UnitsIn(mysql::Transaction& sql, const std::set<std::string>& sources) const {
  Units units;
  RETURN_IF_ERROR(ForNames(sources, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT product, serial FROM unit_event WHERE serial <> '' AND source IN ", in), values));
    for (const mysql::Row& row : rows) units[row.Text(0)].insert(row.Text(1));
    return absl::OkStatus();
  }));
  return units;
}

absl::Status UnitStore::AddMonthsOf(mysql::Transaction& sql, const Units& units, MonthsSeen* months) const {
  for (const auto& of_product : units) {
    RETURN_IF_ERROR(ForNames(of_product.second, [&](const std::string& in, const mysql::Values& values) {
      mysql::Values bound = {of_product.first};
      bound.insert(bound.end(), values.begin(), values.end());
      return ReadMonths(sql, StrCat("AND u.product = ? AND u.serial IN ", in), bound, months);
    }));
  }
  return absl::OkStatus();
}

absl::Status UnitStore::AddMonthsBy(mysql::Transaction& sql, const std::set<std::string>& partners,
                                    MonthsSeen* months) const {
  RETURN_IF_ERROR(ReadMonthsOfUnits(sql, "partner", partners, months));
  return ReadMonthsOfUnits(sql, "giver", partners, months);
}

absl::Status UnitStore::AddMonthsIn(mysql::Transaction& sql, const std::set<std::string>& regions,
                                    MonthsSeen* months) const {
  return ReadMonthsOfUnits(sql, "region", regions, months);
}

absl::Status UnitStore::AddMonths(mysql::Transaction& sql, const std::string& product, const DateRange& period,
                                  MonthsSeen* months) const {
  return ReadMonths(sql, "AND u.product = ? AND u.event_date >= ? AND u.event_date < ?",
                    {product, period.start, period.end}, months);
}

absl::Status UnitStore::AddAllMonths(mysql::Transaction& sql, MonthsSeen* months) const {
  return ReadMonths(sql, "", {}, months);
}

}  // namespace tributary::conflict
