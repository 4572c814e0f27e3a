#pragma once

// Stock rotations on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/stock_rotations/stock_rotation.h"
#include "tributary/incentive/v1/stock_rotation.pb.h"

namespace tributary::incentive {

// partners/{partner}/stockRotations/{stock_rotation}: both ids.
absl::StatusOr<std::pair<std::string, std::string>> ParseStockRotationName(std::string_view name);

v1::StockRotation ToProto(const StockRotation& rotation);
// What is drafted, without an id. All that cannot be read is named at once, below "stock_rotation".
absl::StatusOr<StockRotation> FromProto(const v1::StockRotation& rotation, std::string_view partner);

}  // namespace tributary::incentive
