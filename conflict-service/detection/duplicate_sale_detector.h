#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/detection/detector.h"

namespace tributary::conflict {

// Brings the findings of kind DUPLICATE_SALE into agreement with the sales: stores their keys, and looks at the sales
// that share one with these, or with what these take back. After Detector::Apply, which has the lock and stores the
// sales.
absl::Status FindDuplicateSales(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                events::Outbox& outbox);

// What DUPLICATE_SALE concludes of all that more than one partner has sold, of which a sale is of these days. Stores
// nothing.
absl::StatusOr<std::vector<Conclusion>> DuplicateSalesIn(mysql::Transaction& sql, const DateRange& days);

}  // namespace tributary::conflict
