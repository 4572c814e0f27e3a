#pragma once

// Makes notifications of what this service's own feed tells.

#include <functional>

#include "common/events/feed.h"
#include "common/events/feed_watch.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::partner {

class NotificationMaker : public events::FeedWatch {
 public:
  // All outlive it. `committed` is called when something was told to the feed.
  NotificationMaker(mysql::Database& database, events::Feed& feed, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
