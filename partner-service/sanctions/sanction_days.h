#pragma once

// Begins and ends sanctions by their days.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

class SanctionDays : public rpc::Expiry {
 public:
  SanctionDays(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
