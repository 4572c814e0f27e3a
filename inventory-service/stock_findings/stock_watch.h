#pragma once

// Looks at what the own feed tells of stock, and keeps the findings.

#include <functional>

#include "common/events/feed.h"
#include "common/events/feed_watch.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::inventory {

class StockWatch : public events::FeedWatch {
 public:
  // All outlive it. `committed` is called when findings were told to the feed.
  StockWatch(mysql::Database& database, events::Feed& feed, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::inventory
