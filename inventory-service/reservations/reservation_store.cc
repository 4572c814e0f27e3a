#include "inventory-service/reservations/reservation_store.h"

#include <algorithm>
#include <deque>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/facts/serials.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, state, expire_time, document, order_id, note, to_place";

// PostableUnits of the position that a query names `l`.
constexpr std::string_view kPostable =
    "(SELECT COALESCE(SUM(CASE s.bucket WHEN 2 THEN s.quantity ELSE LEAST(s.quantity, 0) END), 0) FROM stock_position "
    "s "
    "WHERE s.partner = l.partner AND s.site = l.site AND s.product = l.product AND s.lot = l.lot AND s.bucket IN (1, "
    "2))";
static_assert(static_cast<int>(Bucket::kOnHand) == 1 && static_cast<int>(Bucket::kReserved) == 2);

Reservation Read(const mysql::Row& row) {
  Reservation reservation{.partner = row.Text(0),
                          .id = row.Text(1),
                          .uid = row.Id(2),
                          .version = row.Int(3),
                          .create_time = row.Instant(4),
                          .update_time = row.Instant(5),
                          .state = static_cast<ReservationState>(row.Int(6)),
                          .document = row.Text(8),
                          .order = row.Text(9),
                          .note = row.Text(10),
                          .to = row.Text(11)};
  if (!row.IsNull(7)) reservation.expire_time = row.Instant(7);
  return reservation;
}

// The lines of `reservations`, by id, which are one partner's.
absl::Status AddLines(mysql::Transaction& sql, std::string_view partner,
                      const std::map<std::string, Reservation*>& reservations) {
  if (reservations.empty()) return absl::OkStatus();
  std::vector<std::string_view> ids;
  for (const auto& [id, reservation] : reservations) ids.push_back(id);
  mysql::Values values{partner};
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT reservation, product, site, lot, quantity, posted, serials, unit, "
                                    "unit_quantity, kit, kit_quantity FROM "
                                    "reservation_line WHERE partner = ? AND reservation IN ",
                                    in, " ORDER BY reservation, n"),
                             values));
  for (const mysql::Row& row : rows) {
    reservations.at(row.Text(0))
        ->lines.push_back({.product = row.Text(1),
                           .site = row.Text(2),
                           .lot = row.Text(3),
                           .serials = SerialsFromText(row.Bytes(6)),
                           .quantity = row.Dec(4),
                           .posted = row.Dec(5),
                           .unit = row.Text(7),
                           .unit_quantity = row.Dec(8),
                           .kit = row.Text(9),
                           .kit_quantity = row.Dec(10)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, Reservation>> GetSome(mysql::Transaction& sql, std::string_view partner,
                                                           const std::vector<std::string_view>& ids,
                                                           std::string_view lock) {
  std::map<std::string, Reservation> reservations;
  if (ids.empty()) return reservations;
  mysql::Values values{partner};
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM reservation WHERE partner = ? AND id IN ", in, " ORDER BY id", lock),
                values));
  std::map<std::string, Reservation*> by_id;
  for (const mysql::Row& row : rows) {
    Reservation reservation = Read(row);
    const auto added = reservations.emplace(reservation.id, std::move(reservation)).first;
    by_id.emplace(added->first, &added->second);
  }
  RETURN_IF_ERROR(AddLines(sql, partner, by_id));
  return reservations;
}

absl::StatusOr<Reservation> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                   std::string_view lock) {
  ASSIGN_OR_RETURN(auto found, GetSome(sql, partner, {id}, lock));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/reservations/", id));
  return std::move(found.begin()->second);
}

// The columns of `reservation` and of `reservation_line`.
mysql::Values RowsOf(absl::Span<const Reservation> reservations) {
  mysql::Values rows;
  for (const Reservation& reservation : reservations) {
    rows.insert(rows.end(),
                {reservation.partner, reservation.id, reservation.uid, reservation.version, reservation.create_time,
                 reservation.update_time, static_cast<int>(reservation.state), mysql::Value(reservation.expire_time),
                 reservation.document, reservation.order, reservation.note, reservation.to});
  }
  return rows;
}
// `texts` holds what values look into.
mysql::Values LineRowsOf(absl::Span<const Reservation> reservations, std::deque<std::string>* texts) {
  mysql::Values rows;
  for (const Reservation& reservation : reservations) {
    const bool held = reservation.state == ReservationState::kHeld;
    int n = 0;
    for (const ReservationLine& line : reservation.lines) {
      rows.insert(rows.end(),
                  {reservation.partner, reservation.id, ++n, line.site, line.product, line.lot, line.quantity,
                   line.posted, held ? line.quantity : Decimal(), texts->emplace_back(SerialsText(line.serials)),
                   line.unit, line.unit_quantity, line.kit, line.kit_quantity});
    }
  }
  return rows;
}
const std::string kInsert = StrCat("INSERT INTO reservation (", kColumns, ") VALUES");
constexpr size_t kWidth = 12;
constexpr std::string_view kInsertLines =
    "INSERT INTO reservation_line (partner, reservation, n, site, product, lot, quantity, posted, held, serials, unit, "
    "unit_quantity, kit, kit_quantity) VALUES";
constexpr size_t kLineWidth = 14;

}  // namespace

const std::vector<FilterField>& ReservationStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> states;
    for (const ReservationState state : kReservationStates) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    const int held = static_cast<int>(ReservationState::kHeld);
    const std::string state = StrCat("CASE WHEN state = ", held, " AND expire_time <= UTC_TIMESTAMP(6) THEN ",
                                     static_cast<int>(ReservationState::kExpired), " ELSE state END");
    const std::string missing = StrCat(
        "EXISTS (SELECT 1 FROM reservation_line l WHERE l.partner = reservation.partner AND l.reservation = "
        "reservation.id AND l.held > 0 AND ",
        kPostable,
        " < (SELECT SUM(h.held) FROM reservation_line h WHERE h.partner = l.partner AND h.site = l.site AND "
        "h.product = l.product AND h.lot = l.lot AND h.held > 0))");
    return new std::vector<FilterField>{
        FilterField::Enum("state", state, states), FilterField::Boolean("short_of_stock", missing),
        FilterField::String("document", "document"),
        FilterField::String("order", "CONCAT('partners/', partner, '/orders/', NULLIF(order_id, ''))"),
        FilterField::Timestamp("expire_time", "expire_time")};
  }();
  return *fields;
}

absl::StatusOr<std::set<std::string>> ReservationStore::Known(mysql::Transaction& sql, std::string_view partner,
                                                              const std::vector<std::string_view>& ids) const {
  mysql::Values values{partner};
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT id FROM reservation WHERE partner = ? AND id IN ", in), values));
  std::set<std::string> known;
  for (const mysql::Row& row : rows) known.insert(row.Text(0));
  return known;
}

absl::Status ReservationStore::Insert(mysql::Transaction& sql, absl::Span<const Reservation> reservations) const {
  if (reservations.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool fresh, sql.TryInsertRows(kInsert, kWidth, RowsOf(reservations)));
  if (!fresh) return sql.RunAgain("a reservation was made meanwhile");
  std::deque<std::string> texts;
  RETURN_IF_ERROR(sql.InsertRows(kInsertLines, kLineWidth, LineRowsOf(reservations, &texts)));
  mysql::Values serials;
  for (const Reservation& reservation : reservations) {
    for (const ReservationLine& line : reservation.lines) {
      for (const std::string& serial : line.serials) {
        serials.insert(serials.end(), {line.product, serial, reservation.partner, reservation.id});
      }
    }
  }
  return sql.InsertRows("INSERT INTO reservation_serial (product, serial, partner, reservation) VALUES", 4, serials);
}

absl::Status ReservationStore::Update(mysql::Transaction& sql, absl::Span<const Reservation> reservations) const {
  RETURN_IF_ERROR(sql.InsertRows(
      kInsert, kWidth, RowsOf(reservations),
      "ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), state = VALUES(state), "
      "expire_time = VALUES(expire_time), to_place = VALUES(to_place)"));
  std::deque<std::string> texts;
  RETURN_IF_ERROR(sql.InsertRows(kInsertLines, kLineWidth, LineRowsOf(reservations, &texts),
                                 "ON DUPLICATE KEY UPDATE posted = VALUES(posted), held = VALUES(held)"));
  for (const Reservation& reservation : reservations) {
    if (reservation.state == ReservationState::kHeld ||
        std::all_of(reservation.lines.begin(), reservation.lines.end(),
                    [](const ReservationLine& line) { return line.serials.empty(); })) {
      continue;
    }
    RETURN_IF_ERROR(sql.Execute("DELETE FROM reservation_serial WHERE partner = ? AND reservation = ?",
                                {reservation.partner, reservation.id})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Reservation> ReservationStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<Reservation> ReservationStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                           std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::map<std::string, Reservation>> ReservationStore::GetForUpdate(
    mysql::Transaction& sql, std::string_view partner, const std::vector<std::string_view>& ids) const {
  return GetSome(sql, partner, ids, " FOR UPDATE");
}

absl::StatusOr<std::vector<Reservation>> ReservationStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                std::string_view after_partner,
                                                                std::string_view after_id, const SqlPredicate& filter,
                                                                int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM reservation ", page.sql()), page.values));
  std::vector<Reservation> reservations;
  reservations.reserve(rows.size());
  std::map<std::string, std::map<std::string, Reservation*>> by_partner;
  for (const mysql::Row& row : rows) {
    Reservation& next = reservations.emplace_back(Read(row));
    by_partner[next.partner].emplace(next.id, &next);
  }
  for (const auto& [of, by_id] : by_partner) RETURN_IF_ERROR(AddLines(sql, of, by_id));
  return reservations;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ReservationStore::Due(mysql::Transaction& sql,
                                                                                       absl::Time now,
                                                                                       int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, id FROM reservation WHERE state = ? AND expire_time <= ? "
                             "ORDER BY expire_time, partner, id LIMIT ?",
                             {static_cast<int>(ReservationState::kHeld), now, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

absl::StatusOr<std::set<std::pair<std::string, std::string>>> ReservationStore::HeldSerials(
    mysql::Transaction& sql, const std::set<std::pair<std::string, std::string>>& serials) const {
  std::set<std::pair<std::string, std::string>> held;
  for (const auto& [product, serial] : serials) {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT 1 FROM reservation_serial WHERE product = ? AND serial = ?", {product, serial}));
    if (!rows.empty()) held.emplace(product, serial);
  }
  return held;
}

absl::StatusOr<std::map<PositionKey, Decimal>> ReservationStore::Missing(mysql::Transaction& sql,
                                                                         const std::set<PositionKey>& positions) const {
  std::map<PositionKey, Decimal> missing;
  for (const PositionKey& key : positions) {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT l.held - ", kPostable,
                                      " FROM (SELECT partner, site, product, lot, SUM(held) AS held FROM "
                                      "reservation_line WHERE partner = ? AND site = ? AND product = ? AND lot = ? "
                                      "AND held > 0 GROUP BY partner, site, product, lot) l"),
                               {key.partner, key.site, key.product, key.lot}));
    if (!rows.empty() && Decimal() < rows.front().Dec(0)) missing.emplace(key, rows.front().Dec(0));
  }
  return missing;
}

}  // namespace tributary::inventory
