#pragma once

// For tests: what inventory's feed tells of a product's costs.

#include <string>
#include <utility>
#include <vector>

#include "common/events/feed.h"
#include "common/money/money.h"
#include "common/wire/wire.h"
#include "incentive-service/standard_costs/standard_cost_store.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::incentive {

// `costs`: day and cost each.
inline inventory::v1::Product ProductCosting(const std::string& product,
                                             const std::vector<std::pair<std::string, std::string>>& costs,
                                             const std::string& currency = "USD") {
  inventory::v1::Product message;
  message.set_name("products/" + product);
  for (const auto& [from, cost] : costs) {
    inventory::v1::StandardCost* added = message.add_standard_costs();
    *added->mutable_effective_from() = wire::ToProto(*Date::Parse(from));
    *added->mutable_cost() = wire::ToProto(Money{currency, *Decimal::Parse(cost)});
  }
  return message;
}

inline events::Event ToldOf(const inventory::v1::Product& product) {
  events::Event event;
  event.name = product.name();
  event.type = std::string(kProductType);
  event.payload = product.SerializeAsString();
  return event;
}

}  // namespace tributary::incentive
