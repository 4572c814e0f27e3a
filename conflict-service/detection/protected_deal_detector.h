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

// Bring the findings of kind PROTECTED_DEAL into agreement with partners' sales and registrations: a function of these,
// in whatever order they come. Under the lock of the rule, and after what has changed is stored.

// After something about these stored sales has changed: they came, were taken back, or their regions moved.
absl::Status JudgePartnerSales(mysql::Transaction& sql, CustomerIndex& customers, const std::vector<Sale>& sales,
                               absl::Time now, events::Outbox& outbox);
// After a registration has changed.
absl::Status JudgePartnerSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox);

// What PROTECTED_DEAL concludes of all sales of these days. Stores nothing.
absl::StatusOr<std::vector<Conclusion>> ProtectedDealsIn(mysql::Transaction& sql, CustomerIndex& customers,
                                                         const DateRange& days);

}  // namespace tributary::conflict
