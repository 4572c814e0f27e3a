#pragma once

// What this service does with incentive-service's feed, for its main and for tests that run it whole.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::inventory {

std::vector<std::string> WalletPayloads();

// Keeps the holds and the limits of wallets that the events tell, and moves the orders that name them: from
// PENDING_FUNDS by the verb that placing them would have been told by, on hold where a hold no longer backs them
// ("held"), else as "updated".
absl::Status ApplyWalletFeed(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                             events::Outbox& outbox);

}  // namespace tributary::inventory
