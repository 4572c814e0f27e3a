#pragma once

// Direct sales on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/direct_sales/direct_sale_store.h"
#include "tributary/inventory/v1/direct_sale.pb.h"

namespace tributary::inventory {

v1::DirectSale ToProto(const DirectSale& sale);
v1::DirectSaleTotals ToProto(const DirectSaleTotals& totals);
// A line as stated; violations name its fields.
absl::StatusOr<DirectSale> FromProto(const v1::DirectSale& sale);

}  // namespace tributary::inventory
