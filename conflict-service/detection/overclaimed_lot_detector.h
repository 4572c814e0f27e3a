#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// Stores what is told of lots and brings the findings of kind DUPLICATE_SALE about them (rules/overclaimed_lot.h) into
// agreement with it. After Detector::Apply, which has the lock and stores sales with their reversals.
absl::Status FindOverclaimedLots(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                 events::Outbox& outbox);

// What is concluded of lots of which the last was sold on these days. Stores nothing.
absl::StatusOr<std::vector<Conclusion>> OverclaimedLotsIn(mysql::Transaction& sql, const DateRange& days);

}  // namespace tributary::conflict
