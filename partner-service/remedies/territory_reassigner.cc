#include "partner-service/remedies/territory_reassigner.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/territory_grants/handover.h"
#include "partner-service/territory_grants/territory_grant_proto.h"

namespace tributary::partner {

absl::StatusOr<std::string> TerritoryReassigner::Reassign(rpc::Unit& unit, const StepHandover& wanted,
                                                          const std::string& id, const Partner* recipient,
                                                          absl::Time now) const {
  ASSIGN_OR_RETURN(const TerritoryGrant grant, grants_.GetForUpdate(unit.sql(), wanted.partner_id, wanted.grant_id));
  ASSIGN_OR_RETURN(const Handover handover, HandOver(grant, wanted.recipient_id, wanted.from, id, now));
  if (recipient != nullptr) RETURN_IF_ERROR(checks_.CheckMayHold(unit.sql(), *recipient, "createTerritoryGrant"));
  if (handover.given) {
    RETURN_IF_ERROR(checks_.CheckRegionsInUse(unit.sql(), *handover.given));
    RETURN_IF_ERROR(checks_.CheckExclusive(unit.sql(), *handover.given, &grant));
  }
  RETURN_IF_ERROR(handovers_.Create(unit.sql(), wanted));
  RETURN_IF_ERROR(PutRevoked(unit, handover.taken));
  if (handover.kept) RETURN_IF_ERROR(PutNew(unit, *handover.kept));
  if (handover.given) RETURN_IF_ERROR(PutNew(unit, *handover.given));
  return handover.given ? handover.given->name() : handover.taken.name();
}

absl::StatusOr<std::string> TerritoryReassigner::GiveBack(rpc::Unit& unit, const StepHandover& done,
                                                          const std::string& id, const Partner& holder,
                                                          absl::Time now) const {
  RETURN_IF_ERROR(handovers_.MarkGivenBack(unit.sql(), done));
  if (!done.recipient_id.empty()) {
    ASSIGN_OR_RETURN(const TerritoryGrant given, grants_.GetForUpdate(unit.sql(), done.recipient_id, id));
    if (given.state == GrantState::kActive) {
      ASSIGN_OR_RETURN(const TerritoryGrant revoked, Revoke(given, now));
      RETURN_IF_ERROR(PutRevoked(unit, revoked));
    }
  }
  if (!CheckOpen(holder, "createTerritoryGrant").ok()) return std::string();
  ASSIGN_OR_RETURN(const TerritoryGrant taken, grants_.GetForUpdate(unit.sql(), done.partner_id, done.grant_id));
  const TerritoryGrant back = partner::GiveBack(taken, done.from, StrCat(id, "-back"), now);
  // It is given whatever others hold, but whoever gives another such grant is to see it.
  if (back.exclusivity == Exclusivity::kExclusive) RETURN_IF_ERROR(grants_.LockExclusive(unit.sql()));
  RETURN_IF_ERROR(PutNew(unit, back));
  return back.name();
}

absl::Status TerritoryReassigner::PutRevoked(rpc::Unit& unit, const TerritoryGrant& revoked) const {
  RETURN_IF_ERROR(grants_.Update(unit.sql(), revoked));
  unit.Emit(Told("revoked", revoked));
  return absl::OkStatus();
}

absl::Status TerritoryReassigner::PutNew(rpc::Unit& unit, const TerritoryGrant& grant) const {
  ASSIGN_OR_RETURN(const TerritoryGrant stored, grants_.Create(unit.sql(), grant));
  unit.Emit(Told("created", stored));
  return absl::OkStatus();
}

}  // namespace tributary::partner
