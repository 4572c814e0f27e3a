#pragma once

// Lets sanctions act: stores them with what they do to the partner and its grants, and tells all of it. Each call works
// on the locked partner, in the caller's transaction.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "partner-service/partners/partner_activity_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/sanctions/sanction_store.h"
#include "partner-service/territory_grants/territory_grant_store.h"

namespace tributary::partner {

class SanctionEnforcer {
 public:
  // A new one, with its id. ALREADY_EXISTS.
  absl::StatusOr<Sanction> Impose(rpc::Unit& unit, const Partner& partner, Sanction sanction,
                                  std::string_view principal, absl::Time now) const;
  // Stores what became of it, and undoes or does what it did or does: `verb` tells the feed.
  absl::Status Change(rpc::Unit& unit, std::string_view verb, const Partner& partner, const Sanction& before,
                      Sanction after, absl::Time now) const;
  // The sanction of an evaluation that is appealed against, appealed against in vain, or rightly. None: nothing.
  absl::Status Halt(rpc::Unit& unit, const Partner& partner, std::string_view name, absl::Time now) const;
  absl::Status Resume(rpc::Unit& unit, const Partner& partner, std::string_view name, absl::Time now) const;
  absl::Status Lift(rpc::Unit& unit, const Partner& partner, std::string_view name, std::string_view reason,
                    std::string_view lifter, absl::Time now) const;

 private:
  // Of one that has come into force, before it is stored.
  absl::Status Begin(rpc::Unit& unit, const Partner& partner, Sanction* sanction, absl::Time now) const;
  // Of one that no longer is.
  absl::Status End(rpc::Unit& unit, const Partner& partner, Sanction* sanction, absl::Time now) const;
  // The partner in its new state.
  absl::Status Move(rpc::Unit& unit, std::string_view verb, const Partner& partner, absl::Time now) const;
  // The sanction of the name, locked.
  absl::StatusOr<Sanction> Load(rpc::Unit& unit, std::string_view name) const;

  SanctionStore sanctions_;
  PartnerStore partners_;
  PartnerActivityStore activity_;
  TerritoryGrantStore grants_;
};

}  // namespace tributary::partner
