#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/detection/detector.h"

namespace tributary::conflict {

// Brings the findings of kind DUPLICATE_SALE into agreement with the sales: stores their keys, and looks at the sales
// that share one with these, or with what these take back. After Detector::Apply, which has the lock and stores the
// sales.
absl::Status FindDuplicateSales(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                events::Outbox& outbox);

}  // namespace tributary::conflict
