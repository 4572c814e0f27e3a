#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// Findings of kind PROTECTED_DEAL are a function of partners' sales and registrations, in whatever order these come.
// Under the lock of the rule, and after what has changed is stored.

// What is concluded of these stored sales, about which something has changed: they came, were taken back, or their
// regions moved.
absl::StatusOr<std::vector<Conclusion>> PromisedToOthers(mysql::Transaction& sql, CustomerIndex& customers,
                                                         const std::vector<Sale>& sales);
// After a registration has changed: brings the findings about it into agreement.
absl::Status JudgePartnerSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox);

// What PROTECTED_DEAL concludes of all sales of these days. Stores nothing.
absl::StatusOr<std::vector<Conclusion>> ProtectedDealsIn(mysql::Transaction& sql, CustomerIndex& customers,
                                                         const DateRange& days);

}  // namespace tributary::conflict
