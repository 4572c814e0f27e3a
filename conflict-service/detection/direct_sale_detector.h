#pragma once

#include <set>
#include <string>
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

// Bring the findings of kind DIRECT_VS_PARTNER into agreement with the direct sales, grants and registrations: a
// function of these, in whatever order they come. Under the lock of the rule, and after what has changed is stored.

// After direct sales came (or what these take back), grants of these names changed and regions moved.
absl::Status JudgeDirectSales(mysql::Transaction& sql, CustomerIndex& customers, const std::vector<Sale>& sales,
                              const std::vector<Grant>& grants, const std::set<std::string>& moved, absl::Time now,
                              events::Outbox& outbox);
// After a registration has changed.
absl::Status JudgeDirectSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox);

// What DIRECT_VS_PARTNER concludes of all direct sales of these days. Stores nothing.
absl::StatusOr<std::vector<Conclusion>> DirectVsPartnerIn(mysql::Transaction& sql, CustomerIndex& customers,
                                                          const DateRange& days);

}  // namespace tributary::conflict
