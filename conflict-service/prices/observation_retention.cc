#include "conflict-service/prices/observation_retention.h"

#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/time/today.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/prices/price_observation_store.h"

namespace tributary::conflict {
namespace {

rpc::Expiry::Rules RetentionOf(int days) {
  return {.things = "price observations",
          .due = [days](mysql::Transaction& sql, absl::Time now,
                        int limit) -> absl::StatusOr<std::vector<rpc::Expiry::Id>> {
            ASSIGN_OR_RETURN(const std::vector<std::string> names,
                             PriceObservationStore().Settled(sql, UtcToday(now).AddDays(-days), limit));
            std::vector<rpc::Expiry::Id> due;
            for (const std::string& name : names) due.emplace_back("", name);
            return due;
          },
          .end = [days](rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) -> absl::StatusOr<bool> {
            // Nothing is found in it while it goes.
            RETURN_IF_ERROR(LockPrices(unit.sql()));
            return PriceObservationStore().Forget(unit.sql(), id.second, UtcToday(now).AddDays(-days));
          },
          .every = absl::Hours(1)};
}

}  // namespace

ObservationRetention::ObservationRetention(mysql::Database& database, const Clock& clock, int days)
    : Expiry(database, clock, RetentionOf(days), [] {}) {}

}  // namespace tributary::conflict
