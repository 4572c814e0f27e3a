#include "inventory-service/census.h"

#include "common/status/status.h"
#include "inventory-service/ledger/ledger_store.h"

namespace tributary::inventory {
namespace {

// It reads every posting.
constexpr absl::Duration kEvery = absl::Hours(1);

prometheus::Gauge& Gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

void AddCensus(process::Census& census, prometheus::Registry& registry) {
  prometheus::Gauge& balanced =
      Gauge(registry, "tributary_inventory_ledger_balanced",
            "1 where every position was the sum of its postings and no unit came from nowhere, 0 where not");
  prometheus::Gauge& differing = Gauge(registry, "tributary_inventory_ledger_differing_positions",
                                       "Positions that were not the sum of their postings");
  prometheus::Gauge& positions = Gauge(registry, "tributary_inventory_ledger_positions", "Positions that were checked");
  prometheus::Gauge& postings = Gauge(registry, "tributary_inventory_ledger_postings", "Postings that were checked");
  census.Add("ledger", kEvery, [&balanced, &differing, &positions, &postings](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Balance balance, LedgerStore().ReadBalance(sql));
    balanced.Set(balance.balanced() ? 1 : 0);
    differing.Set(static_cast<double>(balance.differing_positions));
    positions.Set(static_cast<double>(balance.positions));
    postings.Set(static_cast<double>(balance.postings));
    return absl::OkStatus();
  });
}

}  // namespace tributary::inventory
