#include "partner-service/sanctions/sanction_days.h"

#include <optional>
#include <utility>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "partner-service/sanctions/sanction_enforcer.h"

namespace tributary::partner {
namespace {

// On the locked partner, then the locked sanction.
absl::StatusOr<bool> Turn(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  ASSIGN_OR_RETURN(const Partner partner, PartnerStore().GetForUpdate(unit.sql(), id.first));
  ASSIGN_OR_RETURN(const Sanction sanction, SanctionStore().GetForUpdate(unit.sql(), id.first, id.second));
  const std::optional<Sanction> turned = Turned(sanction, TodayOf(partner, now), now);
  if (!turned.has_value()) return false;
  const bool begun = turned->state == SanctionState::kInForce;
  RETURN_IF_ERROR(SanctionEnforcer().Change(unit, begun ? "begun" : "ended", partner, sanction, *turned, now));
  return true;
}

}  // namespace

SanctionDays::SanctionDays(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "sanctions",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return SanctionStore().Due(sql, now, limit); },
              .end = Turn},
             std::move(committed)) {}

}  // namespace tributary::partner
