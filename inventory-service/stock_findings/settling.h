#pragma once

// The last step of every derivation of findings.

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "inventory-service/stock_findings/stock_finding.h"

namespace tributary::inventory {

// Brings `stored`, all findings about what was looked at, into agreement with what is concluded about it, and tells of
// what changes.
absl::Status Settle(mysql::Transaction& sql, const std::vector<StockFinding>& stored,
                    const std::vector<Conclusion>& conclusions, absl::Time now, events::Outbox& outbox);

}  // namespace tributary::inventory
