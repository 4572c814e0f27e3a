#pragma once

// Reservations on the wire.

#include <map>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "inventory-service/reservations/reservation.h"
#include "tributary/inventory/v1/reservation.pb.h"

namespace tributary::inventory {

// As it is at `now`, without what is short.
v1::Reservation ToProto(const Reservation& reservation, absl::Time now);
// Says what is short of a HELD one, by ReservationStore::Missing.
void AddMissing(const Reservation& reservation, const std::map<PositionKey, Decimal>& missing, v1::Reservation* out);
// What the partner asks for; violations name the fields.
absl::StatusOr<Reservation> FromProto(const v1::Reservation& reservation, std::string_view partner);
// Parts to post, and the place where a partner's units go.
absl::StatusOr<std::vector<PostPart>> PartsFromProto(const v1::PostReservationRequest& request);
absl::StatusOr<std::string> PlaceFromProto(const v1::PostReservationRequest& request, std::string_view partner);

}  // namespace tributary::inventory
