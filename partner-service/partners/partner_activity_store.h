#pragma once

// When partners were ACTIVE, in the database; the only SQL about it. Each call works in the caller's transaction.

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "partner-service/partners/partner_activity.h"

namespace tributary::partner {

class PartnerActivityStore {
 public:
  // After a change of the partner's state at `now`: begins or ends a span, and has its tiers reviewed at once. The
  // partner is locked.
  absl::Status Record(mysql::Transaction& sql, const Partner& partner, absl::Time now) const;

  // After the undoing of a merge: the span that the merge ended goes on as if it had not.
  absl::Status Resume(mysql::Transaction& sql, const Partner& partner, absl::Time merge_time) const;

  // Oldest first. Another partner that had the same id before has its own.
  absl::StatusOr<std::vector<ActiveSpan>> SpansOf(mysql::Transaction& sql, const Partner& partner) const;
};

}  // namespace tributary::partner
