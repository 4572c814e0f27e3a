#pragma once

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"
#include "conflict-service/deals/deal_limits_store.h"
#include "conflict-service/deals/deal_store.h"

namespace tributary::conflict {

// Tells ahead, "expiring", that the protection of an approved registration ends: on each of the days that
// dealLimits/default names, once for each end. Who renews in time has another end. What a replica was down for is told
// late and once, as the last day that has come.
class DealNotices : public rpc::Expiry {
 public:
  // All outlive it.
  DealNotices(mysql::Database& database, const Clock& clock, const DealStore& deals, const DealLimitsStore& limits,
              std::function<void()> committed);
};

}  // namespace tributary::conflict
