#pragma once

// Lets steps of remedies that reassign territories act, and takes them back. Each call works on the locked partners, in
// the caller's transaction, and tells what it does to their grants.

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "partner-service/partners/partner.h"
#include "partner-service/remedies/handover_store.h"
#include "partner-service/territory_grants/grant_checks.h"
#include "partner-service/territory_grants/territory_grant_store.h"

namespace tributary::partner {

class TerritoryReassigner {
 public:
  // Takes the grant and gives it to the recipient, where there is one; answers the name of the recipient's grant, else
  // of the one that was taken. New grants have the id `id`. Refused, with nothing changed: no such grant, or one that
  // is not ACTIVE or has ended by that day; where there is a recipient: it may hold no new territory, regions that are
  // not in use, exclusive grants of others that it would meet.
  absl::StatusOr<std::string> Reassign(rpc::Unit& unit, const StepHandover& wanted, const std::string& id,
                                       const Partner* recipient, absl::Time now) const;
  // Revokes the recipient's grant, where it still is ACTIVE, and gives the holder again what was taken, whatever others
  // hold by now: conflict-service shows what overlaps. Answers the name of that grant; nothing where the holder has
  // been TERMINATED. `id` is that of Reassign.
  absl::StatusOr<std::string> GiveBack(rpc::Unit& unit, const StepHandover& done, const std::string& id,
                                       const Partner& holder, absl::Time now) const;

 private:
  // Stores it REVOKED and tells it.
  absl::Status PutRevoked(rpc::Unit& unit, const TerritoryGrant& revoked) const;
  // Stores a new one and tells it.
  absl::Status PutNew(rpc::Unit& unit, const TerritoryGrant& grant) const;

  HandoverStore handovers_;
  TerritoryGrantStore grants_;
  GrantChecks checks_;
};

}  // namespace tributary::partner
