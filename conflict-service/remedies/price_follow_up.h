#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// After these observations were stored or withdrawn: brings the follow-ups of PRICE_ACTIONs that are in effect into
// agreement with the prices that were seen (remedies/price_action.h), tells the feed, and notes among the staff of the
// case where one was not kept. Under the locks of prices, before cases are looked at.
absl::Status FollowPriceActions(mysql::Transaction& sql, const std::vector<PriceObservation>& changed, absl::Time now,
                                events::Outbox& outbox);

}  // namespace tributary::conflict
