#pragma once

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::conflict {

// Escalates cases whose step is due and that nobody moves, by caseDeadlines/default: stores how often, since when and
// whom to, and tells the staff and the parties that are shown the case ("escalated"). Any number of replicas may run
// one.
class CaseEscalator : public rpc::Expiry {
 public:
  // All outlive it.
  CaseEscalator(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::conflict
