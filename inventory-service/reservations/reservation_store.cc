#include "inventory-service/reservations/reservation_store.h"

#include <deque>

#include "common/status/status.h"
#include "common/text/text.h"
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

absl::Status AddLines(mysql::Transaction& sql, Reservation* reservation) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT product, site, lot, quantity, posted, serials FROM reservation_line "
                             "WHERE partner = ? AND reservation = ? ORDER BY n",
                             {reservation->partner, reservation->id}));
  for (const mysql::Row& row : rows) {
    reservation->lines.push_back({.product = row.Text(0),
                                  .site = row.Text(1),
                                  .lot = row.Text(2),
                                  .serials = SerialsFromText(row.Bytes(5)),
                                  .quantity = row.Dec(3),
                                  .posted = row.Dec(4)});
  }
  return absl::OkStatus();
}

absl::StatusOr<Reservation> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                   std::string_view lock) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM reservation WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner, "/reservations/", id));
  Reservation reservation = Read(rows.front());
  RETURN_IF_ERROR(AddLines(sql, &reservation));
  return reservation;
}

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

absl::Status ReservationStore::Insert(mysql::Transaction& sql, const Reservation& reservation) const {
  ASSIGN_OR_RETURN(
      const bool fresh,
      sql.TryInsert(
          StrCat("INSERT INTO reservation (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {reservation.partner, reservation.id, reservation.uid, reservation.version, reservation.create_time,
           reservation.update_time, static_cast<int>(reservation.state), mysql::Value(reservation.expire_time),
           reservation.document, reservation.order, reservation.note, reservation.to}));
  if (!fresh) return AlreadyExists(reservation.name());
  std::deque<std::string> texts;  // that values look into
  mysql::Values lines;
  int n = 0;
  for (const ReservationLine& line : reservation.lines) {
    lines.insert(lines.end(),
                 {reservation.partner, reservation.id, ++n, line.site, line.product, line.lot, line.quantity,
                  line.posted, line.quantity, texts.emplace_back(SerialsText(line.serials))});
  }
  return sql.InsertRows(
      "INSERT INTO reservation_line (partner, reservation, n, site, product, lot, quantity, posted, held, serials) "
      "VALUES",
      10, lines);
}

absl::Status ReservationStore::HoldSerials(mysql::Transaction& sql, const Reservation& reservation) const {
  mysql::Values serials;
  for (const ReservationLine& line : reservation.lines) {
    for (const std::string& serial : line.serials) {
      serials.insert(serials.end(), {line.product, serial, reservation.partner, reservation.id});
    }
  }
  return sql.InsertRows("INSERT INTO reservation_serial (product, serial, partner, reservation) VALUES", 4, serials);
}

absl::Status ReservationStore::Update(mysql::Transaction& sql, const Reservation& reservation) const {
  RETURN_IF_ERROR(
      sql.Execute("UPDATE reservation SET version = ?, update_time = ?, state = ?, expire_time = ?, "
                  "to_place = ? WHERE partner = ? AND id = ?",
                  {reservation.version, reservation.update_time, static_cast<int>(reservation.state),
                   mysql::Value(reservation.expire_time), reservation.to, reservation.partner, reservation.id})
          .status());
  if (reservation.state == ReservationState::kHeld) return absl::OkStatus();
  int n = 0;
  bool serials = false;
  for (const ReservationLine& line : reservation.lines) {
    ++n;
    serials = serials || !line.serials.empty();
    if (line.posted.zero()) continue;
    RETURN_IF_ERROR(
        sql.Execute("UPDATE reservation_line SET posted = ? WHERE partner = ? AND reservation = ? AND n = ?",
                    {line.posted, reservation.partner, reservation.id, n})
            .status());
  }
  RETURN_IF_ERROR(sql.Execute("UPDATE reservation_line SET held = 0 WHERE partner = ? AND reservation = ?",
                              {reservation.partner, reservation.id})
                      .status());
  if (!serials) return absl::OkStatus();
  return sql
      .Execute("DELETE FROM reservation_serial WHERE partner = ? AND reservation = ?",
               {reservation.partner, reservation.id})
      .status();
}

absl::StatusOr<Reservation> ReservationStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<Reservation> ReservationStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                           std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Reservation>> ReservationStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                std::string_view after_partner,
                                                                std::string_view after_id, const SqlPredicate& filter,
                                                                int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM reservation ", page.sql()), page.values));
  std::vector<Reservation> reservations;
  for (const mysql::Row& row : rows) {
    Reservation reservation = Read(row);
    RETURN_IF_ERROR(AddLines(sql, &reservation));
    reservations.push_back(std::move(reservation));
  }
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
