#pragma once

// What partner-service's feed tells of a partner as a buyer: the channel that it sells in, and the levels of partner
// programs that it has.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "inventory-service/prices/price_resolution.h"

namespace tributary::inventory {

// The payload that ApplyTierAssignment takes.
std::string TierAssignmentPayload();
// Keeps the assignment as it is told last. MALFORMED_REQUEST, INVALID_FIELD where it is not what partner-service
// promises.
absl::Status ApplyTierAssignment(mysql::Transaction& sql, const events::Event& event);

// The tiers that assignments of the partner give it on that day, by name of the assignment. An assignment without a
// level, as a demotion may leave it, gives none.
absl::StatusOr<std::vector<HeldTier>> TiersOf(mysql::Transaction& sql, std::string_view partner, Date day);

// The question's channel and tiers: those of the partner on that day. Left unset where the feed has not told of the
// partner yet.
absl::Status ReadBuyer(mysql::Transaction& sql, std::string_view partner, Date day, PriceQuestion* question);

}  // namespace tributary::inventory
