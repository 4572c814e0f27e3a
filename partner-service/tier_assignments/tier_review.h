#pragma once

// Reviews the tiers of partners by itself: each day, and at once where something changed.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// A review that is due is done once, by whichever process comes first; the next one is due when the partner's next day
// begins.
class TierReview : public rpc::Expiry {
 public:
  TierReview(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
