#pragma once

// Keeps the directory of credit lines from partner-service's feed.

#include <string>

#include "absl/status/status.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"

namespace tributary::inventory {

// The payload that ApplyCreditLine takes.
std::string CreditLinePayload();
absl::Status ApplyCreditLine(mysql::Transaction& sql, const events::Event& event);

}  // namespace tributary::inventory
