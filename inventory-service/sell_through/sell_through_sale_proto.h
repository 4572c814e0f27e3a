#pragma once

// Sell-through sales on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "inventory-service/sell_through/sell_through_sale.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::inventory {

v1::SellThroughSale ToProto(const SellThroughSale& sale);
v1::SellThroughTotals ToProto(const SellThroughTotals& totals);
// A sale as stated by the partner; violations name its fields.
absl::StatusOr<SellThroughSale> FromProto(const v1::SellThroughSale& sale, std::string_view partner);

}  // namespace tributary::inventory
