#include "inventory-service/reservations/reservation_expiry.h"

#include <optional>
#include <utility>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "inventory-service/reservations/reservation_stock.h"
#include "inventory-service/reservations/reservation_store.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<bool> End(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  ASSIGN_OR_RETURN(Reservation reservation, ReservationStore().GetForUpdate(unit.sql(), id.first, id.second));
  std::optional<Reservation> expired = Expire(std::move(reservation), now);
  if (!expired.has_value()) return false;
  const Posted ended{.reservation = *std::move(expired)};
  rpc::Call call;
  call.now = now;
  RETURN_IF_ERROR(LockPositions(unit.sql(), {&ended, 1}));
  RETURN_IF_ERROR(EndReservations(call, unit, "expired", {&ended, 1}));
  return true;
}

}  // namespace

ReservationExpiry::ReservationExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "reservations",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return ReservationStore().Due(sql, now, limit); },
              .end = End},
             std::move(committed)) {}

}  // namespace tributary::inventory
