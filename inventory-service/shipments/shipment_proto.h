#pragma once

// Shipments on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/shipments/shipment_store.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::inventory {

v1::ShipmentLine ToProto(const ShipmentLine& line);
v1::Shipment ToProto(const Shipment& shipment);
v1::SellInTotals ToProto(const SellInTotals& totals);

// A line as stated. Violations name the fields of the line: of its forms, of currencies that differ, and of negative
// numbers where it is no return.
absl::StatusOr<ShipmentLine> FromProto(const v1::ShipmentLine& line);

}  // namespace tributary::inventory
