#pragma once

// What follows from a low score or a missed target, made in the transaction that decides it and by ids of what it
// follows from: so there is one, whoever asks again.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/rpc/call.h"
#include "common/time/date.h"
#include "partner-service/activities/activity_store.h"
#include "partner-service/sanctions/sanction_enforcer.h"

namespace tributary::partner {

// What it follows from.
struct Cause {
  std::string name;
  Uuid uid;
  std::string reason;  // in words, in one line; the partner reads it
  std::string principal;
};

class Consequences {
 public:
  // A sanction of the locked partner, of the next level. The days are not before its today.
  absl::StatusOr<Sanction> Sanctioned(rpc::Unit& unit, const Partner& partner, const Cause& cause, SanctionKind kind,
                                      const DateRange& days, absl::Time now) const;
  // The task to look at the partner: an activity that the vendor keeps to itself, with a follow-up that is due at once.
  absl::Status ToReview(rpc::Unit& unit, const Partner& partner, const Cause& cause, absl::Time now) const;

 private:
  SanctionEnforcer enforcer_;
  ActivityStore activities_;
};

}  // namespace tributary::partner
