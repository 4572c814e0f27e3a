#pragma once

// What decisions on reservations look at, and how what they come to is stored: for the service, and for what expires.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "inventory-service/reservations/reservation.h"

namespace tributary::inventory {

// Locks what decisions on these reservations, which are one partner's, look at, in one order for all decisions (sites,
// shared; serial numbers; positions), and reads it. `to` are the places that units are to go to.
absl::StatusOr<ReservationStock> LockStock(mysql::Transaction& sql, std::string_view partner,
                                           const std::vector<const Reservation*>& reservations,
                                           const std::set<std::string>& to = {});
// Locks the positions alone, in the same order, for what needs no decision.
absl::Status LockPositions(mysql::Transaction& sql, absl::Span<const Posted> reservations);

// Stores reservations that were decided to hold, one partner's, moves their units, and tells of them.
absl::Status BeginReservations(const rpc::Call& call, rpc::Unit& unit, absl::Span<const Reservation> held);
// The same of those that have ended.
absl::Status EndReservations(const rpc::Call& call, rpc::Unit& unit, std::string_view verb,
                             absl::Span<const Posted> ended);

}  // namespace tributary::inventory
