#pragma once

// Makes notifications of what this service's own feed and conflict-service's tell.

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/feed_watch.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"

namespace tributary::partner {

class NotificationMaker : public events::FeedWatch {
 public:
  // All outlive it. `committed` is called when something was told to the feed.
  NotificationMaker(mysql::Database& database, events::Feed& feed, const Clock& clock, std::function<void()> committed);
};

// Of events of conflict-service's feed (NoticedConflictPayloads), in the transaction that moves the consumer's cursor
// over them: each once.
absl::Status NotifyOfConflicts(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                               events::Outbox& outbox);

}  // namespace tributary::partner
