#pragma once

// Decides of each target, once its period and grace are over, whether it is missed, and lets its consequence act.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// Each target is decided once, by whichever process comes first.
class TargetDecision : public rpc::Expiry {
 public:
  TargetDecision(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
