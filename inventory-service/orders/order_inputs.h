#pragma once

// What the checks of an order read.

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/orders/order.h"

namespace tributary::inventory {

std::set<std::string> ProductsOf(const Order& order);

// The products, and the parts of those that are kits, are locked, so that it holds at commit. The partner's account is
// locked already (payments/account.h).
absl::StatusOr<OrderInputs> ReadInputs(mysql::Transaction& sql, const Order& order);

}  // namespace tributary::inventory
