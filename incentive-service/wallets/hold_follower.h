#pragma once

// What orders make of the holds that they name, by inventory-service's feed: what is shipped captures its part, what is
// canceled releases the rest. A hold moves in the transaction that moves the cursor.

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "incentive-service/wallets/wallet_store.h"

namespace tributary::incentive {

// The payload type that HoldFollower wants.
inline constexpr std::string_view kOrderType = "tributary.inventory.v1.DistributorOrder";

class HoldFollower {
 public:
  // Events of other types are passed over. Brings each hold that an order names, and that is for that order, to where
  // the order is (FollowOrder), and tells one that moved as "captured", "released" or, where less is used than was
  // captured, "restored". What a hold that is not there misses, its order tells again once it has been told of the
  // hold.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                     events::Outbox& outbox) const;

 private:
  WalletStore wallets_;
};

}  // namespace tributary::incentive
