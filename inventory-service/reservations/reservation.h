#pragma once

// Reservations: units that a partner's sites hold for somebody until they are posted, voided or run out of time. Values
// and decisions.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/serials/serial_unit.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class ReservationState : int { kHeld = 1, kPosted = 2, kVoided = 3, kExpired = 4 };
inline constexpr ReservationState kReservationStates[] = {ReservationState::kHeld, ReservationState::kPosted,
                                                          ReservationState::kVoided, ReservationState::kExpired};
std::string_view NameOf(ReservationState state);

struct ReservationLine {
  std::string product;
  std::string site = std::string(kMainSite);  // id
  std::string lot;
  std::vector<std::string> serials;  // as many as units, or none
  Decimal quantity;
  Decimal posted;         // of quantity
  std::string unit;       // id of the unit in which it was asked for; empty where in base units
  Decimal unit_quantity;  // of quantity, in that unit, as it was asked for
  std::string kit;        // of which it is a part; empty where the product itself was asked for
  Decimal kit_quantity;   // of the kit, as it was asked for
  int asked = 0;          // number of the line that asked for it, while it is decided; 0: its own
};

struct Reservation {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  ReservationState state = ReservationState::kHeld;
  std::optional<absl::Time> expire_time;  // unset: never
  std::string document;
  std::string order;  // id; empty where it is for none
  std::string note;
  std::string to;  // place that posted units went to; empty while none were
  std::vector<ReservationLine> lines;

  std::string name() const;                                     // partners/{partner}/reservations/{id}
  std::set<std::pair<std::string, std::string>> sites() const;  // (partner, id) of its lines
  PositionKey PositionOf(const ReservationLine& line) const { return {partner, line.site, line.product, line.lot}; }
};

// What has become of it by `now`: it is EXPIRED from its expire_time on, whether its units have been moved back or not.
ReservationState StateAt(const Reservation& reservation, absl::Time now);

// What decisions look at, read under the locks of the transaction.
struct ReservationStock {
  std::map<std::string, Site> sites;   // of the partner, by id; main without a row is open and refuses
  std::map<BucketKey, Decimal> units;  // on hand and reserved, of each position of the lines
  std::map<std::pair<std::string, std::string>, Date> expiries;            // (product, lot) -> last day
  std::map<std::pair<std::string, std::string>, SerialUnit> serial_units;  // (product, serial)
  std::set<std::pair<std::string, std::string>> held_serials;              // (product, serial), by any reservation
};

// The units of a position that can still be held: those on hand, less what the bucket reserved lacks.
Decimal FreeUnits(const ReservationStock& stock, const PositionKey& position);
// Those that can be posted: the reserved ones, less what the bucket on hand lacks.
Decimal PostableUnits(const ReservationStock& stock, const PositionKey& position);

// A reservation that is asked for, and what errors call it.
struct Hold {
  Reservation reservation;
  std::string field = "reservation";
};
// Whether the units of all of them, which are one partner's, may be held. Refusals, one reservation after another:
// INVALID_FIELD where expire_time is not after `now`, and line by line REFERENCE_NOT_FOUND (a site other than main that
// is not known), SITE_CLOSED, LOT_EXPIRED, SERIAL_ELSEWHERE (which a unit that is held already is, too),
// INSUFFICIENT_STOCK. Lines of one position count together.
absl::Status DecideHolds(absl::Span<const Hold> holds, const ReservationStock& stock, Date today, absl::Time now);

// So much of the line with that number, from 1.
struct PostPart {
  int line = 0;
  Decimal quantity;
  std::vector<std::string> serials;  // which, where the line has some; none: all of the line
};
// HELD -> POSTED: the parts, or all of it where there are none, go to the place `to`: @customer, @scrap, or a site's
// free stock. Refused, in this order: STATE_CONFLICT, RESERVATION_EXPIRED; part by part INVALID_FIELD (no such line, a
// line twice, units that the line does not hold) and ALLOCATION_EXCEEDS (more than it holds); REFERENCE_NOT_FOUND and
// SITE_CLOSED of the site that they go to; and line by line SAME_LOCATION (they lie there already), SITE_CLOSED,
// LOT_EXPIRED (which may be scrapped), INSUFFICIENT_STOCK. Where all of it is refused for stock, a part may still go.
struct Posted {
  Reservation reservation;
  std::vector<std::vector<std::string>> serials;  // that went, by line
};
absl::StatusOr<Posted> PostUnits(Reservation reservation, const std::vector<PostPart>& parts, std::string_view to,
                                 const ReservationStock& stock, Date today, absl::Time now);
// HELD -> VOIDED. STATE_CONFLICT, RESERVATION_EXPIRED.
absl::StatusOr<Reservation> Void(Reservation reservation, absl::Time now);
// More time for a HELD one. STATE_CONFLICT, RESERVATION_EXPIRED, INVALID_FIELD where the time is no later than before.
absl::StatusOr<Reservation> Extend(Reservation reservation, std::optional<absl::Time> expire_time, absl::Time now);
// HELD -> EXPIRED, where its time has come by `now`; else nullopt.
std::optional<Reservation> Expire(Reservation reservation, absl::Time now);

// What holding moves on that day, and what the end does: posted units to the reservation's `to` (`serials` as in
// Posted), the others back. What is held has not moved from its site, so serial numbers are told only where it leaves.
std::vector<Posting> HoldMovements(const Reservation& reservation, Date day);
std::vector<Posting> EndMovements(const Reservation& reservation, const std::vector<std::vector<std::string>>& serials,
                                  Date day);

// The stock as it is once the reservation holds its units, or once what it held has gone where it went: what the next
// decision looks at.
void AddHeld(const Reservation& reservation, ReservationStock* stock);
void TakeEnded(const Reservation& reservation, ReservationStock* stock);

}  // namespace tributary::inventory
