#include "inventory-service/census.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "inventory-service/forecasting/estimate.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/orders/order_store.h"

namespace tributary::inventory {
namespace {

// It reads every posting.
constexpr absl::Duration kEvery = absl::Hours(1);

prometheus::Gauge& Gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

// Orders by state, and how those of the last days were served.
void AddOrders(process::Census& census, prometheus::Registry& registry) {
  constexpr int kDays = 90;
  std::vector<std::string> states;
  for (int state = 1; state <= static_cast<int>(OrderState::kPendingFunds); ++state) {
    states.emplace_back(NameOf(static_cast<OrderState>(state)));
  }
  const auto orders = std::make_shared<process::CensusGauge>(registry, "tributary_inventory_orders",
                                                             "Orders of distributors, by state", "state", states);
  prometheus::Gauge& fill = Gauge(registry, "tributary_inventory_order_fill_ratio",
                                  "Units shipped of those ordered, of orders dated in the last 90 days");
  prometheus::Gauge& response =
      Gauge(registry, "tributary_inventory_order_response_seconds",
            "Mean time from placing to the first confirmation, of orders dated in the last 90 days");
  prometheus::Gauge& unanswered = Gauge(registry, "tributary_inventory_unanswered_orders",
                                        "Orders dated in the last 90 days of which nothing is confirmed");
  census.Add("orders", absl::Seconds(30),
             [orders, &fill, &response, &unanswered](mysql::Transaction& sql) -> absl::Status {
               ASSIGN_OR_RETURN(const auto counts, OrderStore().CountByState(sql));
               std::map<std::string, double> shown;
               for (const auto& [state, count] : counts) shown[std::string(NameOf(state))] = static_cast<double>(count);
               orders->Set(shown);
               const Date today = UtcToday(absl::Now());
               ASSIGN_OR_RETURN(const FillRate rate,
                                OrderStore().FillRateOf(sql, "", today.AddDays(-kDays), today.AddDays(1)));
               fill.Set(rate.ordered.zero() ? 0 : ToDouble(RateOf(rate.shipped, rate.ordered)));
               response.Set(static_cast<double>(rate.mean_response_seconds));
               unanswered.Set(static_cast<double>(rate.orders - rate.answered));
               return absl::OkStatus();
             });
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
  AddOrders(census, registry);
}

}  // namespace tributary::inventory
