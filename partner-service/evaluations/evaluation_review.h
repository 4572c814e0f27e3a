#pragma once

// Works OPEN evaluations out by itself: each day, and within a second of what they are made of.

#include <functional>

#include "common/events/feed.h"
#include "common/events/feed_watch.h"
#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// Asks for reviews where this service's own feed tells something that evaluations are made of. Inventory's facts ask
// for their own. Any number of processes look; each event asks once.
class EvaluationFollower : public events::FeedWatch {
 public:
  // All outlive it.
  EvaluationFollower(mysql::Database& database, events::Feed& feed);
};

// A review that is due is done once, by whichever process comes first; the next one is due when the calendar's next day
// begins.
class EvaluationReview : public rpc::Expiry {
 public:
  EvaluationReview(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
