#pragma once

// Stock movements on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/stock_movements/stock_movement.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::inventory {

v1::StockMovement ToProto(const StockMovement& movement);
// A movement as stated; violations name its fields.
absl::StatusOr<StockMovement> FromProto(const v1::StockMovement& movement);

}  // namespace tributary::inventory
