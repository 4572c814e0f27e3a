#include "partner-service/sanctions/sanction_enforcer.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "partner-service/partners/partner_proto.h"
#include "partner-service/sanctions/sanction_proto.h"
#include "partner-service/territory_grants/territory_grant_proto.h"

namespace tributary::partner {
namespace {

// Whether another one keeps the partner SUSPENDED.
bool AnotherSuspends(const std::vector<Sanction>& lasting, const Sanction& sanction) {
  return std::any_of(lasting.begin(), lasting.end(), [&](const Sanction& other) {
    return other.id != sanction.id && other.suspends && other.state == SanctionState::kInForce;
  });
}

}  // namespace

absl::Status SanctionEnforcer::Move(rpc::Unit& unit, std::string_view verb, const Partner& partner,
                                    absl::Time now) const {
  RETURN_IF_ERROR(partners_.Update(unit.sql(), partner));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), partner, now));
  unit.Emit(Told(verb, partner));
  return absl::OkStatus();
}

absl::Status SanctionEnforcer::Begin(rpc::Unit& unit, const Partner& partner, Sanction* sanction,
                                     absl::Time now) const {
  if (sanction->kind == SanctionKind::kSuspension) {
    if (partner.state == PartnerState::kActive) {
      sanction->suspends = true;
      ASSIGN_OR_RETURN(const Partner suspended, Suspend(partner, now));
      return Move(unit, "suspended", suspended, now);
    }
    // Whoever was suspended by hand is reinstated by hand.
    ASSIGN_OR_RETURN(const std::vector<Sanction> lasting, sanctions_.Lasting(unit.sql(), partner.id));
    sanction->suspends = partner.state == PartnerState::kSuspended && AnotherSuspends(lasting, *sanction);
  }
  for (const std::string& name : sanction->territory_grants) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     ParseResourceName(name, "partners/{partner}/territoryGrants/{territory_grant}"));
    ASSIGN_OR_RETURN(const TerritoryGrant grant, grants_.GetForUpdate(unit.sql(), ids[0], ids[1]));
    if (grant.state != GrantState::kActive) continue;
    ASSIGN_OR_RETURN(const TerritoryGrant revoked, Revoke(grant, now));
    RETURN_IF_ERROR(grants_.Update(unit.sql(), revoked));
    unit.Emit(Told("revoked", revoked));
  }
  return absl::OkStatus();
}

absl::Status SanctionEnforcer::End(rpc::Unit& unit, const Partner& partner, Sanction* sanction, absl::Time now) const {
  if (!std::exchange(sanction->suspends, false) || partner.state != PartnerState::kSuspended) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Sanction> lasting, sanctions_.Lasting(unit.sql(), partner.id));
  if (AnotherSuspends(lasting, *sanction)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Partner active, Reinstate(partner, now));
  return Move(unit, "reinstated", active, now);
}

absl::StatusOr<Sanction> SanctionEnforcer::Impose(rpc::Unit& unit, const Partner& partner, Sanction sanction,
                                                  std::string_view principal, absl::Time now) const {
  ASSIGN_OR_RETURN(const std::vector<Sanction> lasting, sanctions_.Lasting(unit.sql(), partner.id));
  Sanction imposed = partner::Impose(std::move(sanction), lasting, principal, TodayOf(partner, now), now);
  if (imposed.id.empty()) imposed.id = imposed.revision.uid.ToString();
  if (imposed.state == SanctionState::kInForce) RETURN_IF_ERROR(Begin(unit, partner, &imposed, now));
  RETURN_IF_ERROR(sanctions_.Create(unit.sql(), imposed, DueOf(imposed, partner)));
  unit.Emit(Told("created", imposed));
  return imposed;
}

absl::Status SanctionEnforcer::Change(rpc::Unit& unit, std::string_view verb, const Partner& partner,
                                      const Sanction& before, Sanction after, absl::Time now) const {
  const bool did = before.state == SanctionState::kInForce, does = after.state == SanctionState::kInForce;
  if (did && !does) RETURN_IF_ERROR(End(unit, partner, &after, now));
  if (!did && does) RETURN_IF_ERROR(Begin(unit, partner, &after, now));
  RETURN_IF_ERROR(sanctions_.Update(unit.sql(), after, DueOf(after, partner)));
  unit.Emit(Told(verb, after));
  return absl::OkStatus();
}

absl::StatusOr<Sanction> SanctionEnforcer::Load(rpc::Unit& unit, std::string_view name) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/sanctions/{sanction}"));
  return sanctions_.GetForUpdate(unit.sql(), ids[0], ids[1]);
}

absl::Status SanctionEnforcer::Halt(rpc::Unit& unit, const Partner& partner, std::string_view name,
                                    absl::Time now) const {
  if (name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Sanction sanction, Load(unit, name));
  const std::optional<Sanction> halted = partner::Halt(sanction, now);
  return halted.has_value() ? Change(unit, "halted", partner, sanction, *halted, now) : absl::OkStatus();
}

absl::Status SanctionEnforcer::Resume(rpc::Unit& unit, const Partner& partner, std::string_view name,
                                      absl::Time now) const {
  if (name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Sanction sanction, Load(unit, name));
  const std::optional<Sanction> resumed = partner::Resume(sanction, TodayOf(partner, now), now);
  return resumed.has_value() ? Change(unit, "resumed", partner, sanction, *resumed, now) : absl::OkStatus();
}

absl::Status SanctionEnforcer::Lift(rpc::Unit& unit, const Partner& partner, std::string_view name,
                                    std::string_view reason, std::string_view lifter, absl::Time now) const {
  if (name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Sanction sanction, Load(unit, name));
  if (!Lasts(sanction)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Sanction lifted, partner::Lift(sanction, reason, lifter, now));
  return Change(unit, "lifted", partner, sanction, lifted, now);
}

}  // namespace tributary::partner
