#pragma once

#include <functional>

#include "absl/time/time.h"
#include "common/rpc/expiry.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/deals/registrar.h"

namespace tributary::conflict {

// Moves registrations whose last day is over to EXPIRED and tells of it. Nothing is decided by it: days are part of
// every scope.
class DealExpiry : public rpc::Expiry {
 public:
  // All outlive it.
  DealExpiry(mysql::Database& database, const Clock& clock, const DealStore& deals, Registrar& registrar,
             std::function<void()> committed);
};

}  // namespace tributary::conflict
