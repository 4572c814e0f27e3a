#pragma once

// Tells the feed that approval tasks are overdue.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// An overdue task can still be decided.
class ApprovalExpiry : public rpc::Expiry {
 public:
  ApprovalExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
