#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/prices/price.h"
#include "conflict-service/remedies/remedy.h"

namespace tributary::conflict {

// After these observations were stored or withdrawn: brings the follow-ups of PRICE_ACTIONs that are in effect into
// agreement with the prices that were seen (remedies/price_action.h), tells the feed, and notes among the staff of the
// case where one was not kept. Under the locks of prices, before cases are looked at.
absl::Status FollowPriceActions(mysql::Transaction& sql, const std::vector<PriceObservation>& changed, absl::Time now,
                                events::Outbox& outbox);

// After the price rule was changed: likewise of those that ask for it. Under the same locks.
absl::Status FollowPriceRule(mysql::Transaction& sql, const PriceRule& changed, absl::Time now, events::Outbox& outbox);

// After steps of the remedy came into effect: likewise of its own PRICE_ACTIONs, one of which may have been due before,
// by the prices that were seen by then. The caller stores the remedy and tells the feed. Under the locks of prices,
// held since before the case was.
absl::Status FollowPriceActions(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox, Remedy* remedy);

}  // namespace tributary::conflict
