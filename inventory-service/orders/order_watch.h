#pragma once

// Tells the feed what facts make of orders: within a moment, outside the transactions that take facts in.

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "common/events/feed.h"
#include "common/events/feed_watch.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::inventory {

// Tells of every order that a range of the feed may say something of, where its progress differs from what was told
// last: its new fulfillment by name, else "progressed". `paid` are partners of whom a payment is told in the range. The
// order's version stays: what facts say is no change of the order.
absl::Status TellProgress(mysql::Transaction& sql, const events::ShardRange& range, std::set<std::string> paid,
                          absl::Time now, events::Outbox& outbox);

class OrderWatch : public events::FeedWatch {
 public:
  // All outlive it. `committed` is called when something was told to the feed.
  OrderWatch(mysql::Database& database, events::Feed& feed, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::inventory
