#pragma once

// Standard costs in the database: what inventory's feed tells of products. Each call works in the caller's transaction.

#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "incentive-service/standard_costs/standard_cost.h"

namespace tributary::incentive {

inline constexpr std::string_view kProductType = "tributary.inventory.v1.Product";

class StandardCostStore {
 public:
  // An events::ApplyEvents but for the outbox: keeps the costs of the products that are told, in place of what was told
  // of them before. Other events are passed over. MALFORMED_REQUEST, INVALID_FIELD where an event is not what
  // inventory-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // Of these products, products/{product}.
  absl::StatusOr<StandardCosts> Read(mysql::Transaction& sql, const std::set<std::string>& products) const;
};

}  // namespace tributary::incentive
