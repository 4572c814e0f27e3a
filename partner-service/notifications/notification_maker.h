#pragma once

// Makes notifications of what this service's own feed tells.

#include <functional>

#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// Looks once a second at the shards that have been read less far than told. A shard is read on under its locked cursor,
// which moves in the transaction of the notifications: any number of replicas make each one once.
class NotificationMaker : public rpc::Expiry {
 public:
  // All outlive it; `feed` has been started.
  NotificationMaker(mysql::Database& database, events::Feed& feed, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
