#pragma once

// What decisions on reservations look at, and how their ends are stored: for the service, and for what expires.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "inventory-service/reservations/reservation.h"
#include "inventory-service/reservations/reservation_store.h"

namespace tributary::inventory {

// Locks what a decision looks at, in one order for all decisions (sites, shared; serial numbers; positions), and reads
// it. `to` is the place that units are to go to, empty where they go nowhere. REFERENCE_NOT_FOUND of to_location or of
// a line's site where a site other than main is not there.
absl::StatusOr<ReservationStock> LockStock(mysql::Transaction& sql, const Reservation& reservation,
                                           std::string_view to = {});
// The same for all that are asked for at once, at least one.
absl::StatusOr<ReservationStock> LockStock(mysql::Transaction& sql, const std::vector<Hold>& holds,
                                           std::string_view to = {});
// Locks the positions alone, in the same order, for what needs no decision.
absl::Status LockPositions(mysql::Transaction& sql, const Reservation& reservation);

// The day on which its units move that move now (counts/correcting.h), asked for with the positions locked.
absl::StatusOr<Date> DayOfMove(mysql::Transaction& sql, const Reservation& reservation, absl::Time now);

// Stores a reservation that has ended, moves its units, and tells of it.
absl::Status EndReservation(const rpc::Call& call, rpc::Unit& unit, std::string_view verb, const Reservation& ended,
                            const std::vector<std::vector<std::string>>& serials = {});

}  // namespace tributary::inventory
