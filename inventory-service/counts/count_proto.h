#pragma once

// Counts on the wire.

#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "inventory-service/counts/count.h"
#include "tributary/inventory/v1/count.pb.h"

namespace tributary::inventory {

// Without books and adjustments; the lines in their order.
v1::StockCount ToProto(const StockCount& count);
// What the caller may set, for a count of this partner. Paths begin at the count.
absl::StatusOr<StockCount> FromProto(const v1::StockCount& count, std::string_view partner);
absl::StatusOr<std::vector<CountLine>> FromProto(const google::protobuf::RepeatedPtrField<v1::CountLine>& lines);

}  // namespace tributary::inventory
