#pragma once

// Receipts on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "inventory-service/receipts/receipt_store.h"
#include "tributary/inventory/v1/receipt.pb.h"

namespace tributary::inventory {

v1::ReceiptLine ToProto(const ReceiptLine& line);
v1::Receipt ToProto(const Receipt& receipt);
v1::Transit ToProto(const Transit& transit);
// A line as the partner states it; violations name its fields.
absl::StatusOr<ReceiptLine> FromProto(const v1::ReceiptLine& line, std::string_view partner);

}  // namespace tributary::inventory
