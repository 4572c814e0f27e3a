#pragma once

// Brings the findings of kinds BELOW_PRICE and PRICE_WAR into agreement with the prices that were seen, the price
// rules, the regions and the sales that partners report, in the transaction that changes them: they are a function of
// these, in whatever order they come.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// Before observations or price rules are read or stored in another transaction than Detector::Apply's, which takes
// these locks itself.
absl::Status LockPrices(mysql::Transaction& sql);

// After these observations have been stored or withdrawn.
absl::Status JudgePrices(mysql::Transaction& sql, const std::vector<PriceObservation>& changed, absl::Time now,
                         events::Outbox& outbox);

// After a price rule of the product has changed.
absl::Status JudgePricesOf(mysql::Transaction& sql, const std::string& product, absl::Time now, events::Outbox& outbox);

// Judges what depends on any of the facts. After Detector::Apply, which has the locks and stores them.
absl::Status ApplyToPrices(mysql::Transaction& sql, const FactBatch& facts, absl::Time now, events::Outbox& outbox);

// What BELOW_PRICE concludes of these days and PRICE_WAR of all: by the rules that hold, or, of the product of `tried`
// alone, with it in the place of the one of its name. Store nothing.
absl::StatusOr<std::vector<Conclusion>> BelowPricesIn(mysql::Transaction& sql, const DateRange& days,
                                                      const std::optional<PriceRule>& tried);
absl::StatusOr<std::vector<Conclusion>> PriceWarsIn(mysql::Transaction& sql, const std::optional<PriceRule>& tried);

}  // namespace tributary::conflict
