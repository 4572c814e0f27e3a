#pragma once

// Adjustments on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/adjustments/adjustment.h"
#include "tributary/incentive/v1/adjustment.pb.h"

namespace tributary::incentive {

// (partner, adjustment) of partners/{partner}/adjustments/{adjustment}.
absl::StatusOr<std::pair<std::string, std::string>> ParseAdjustmentName(std::string_view name);
// The currency of adjustmentLimits/{adjustment_limit}.
absl::StatusOr<std::string> ParseAdjustmentLimitName(std::string_view name, std::string_view field = "name");

v1::Adjustment ToProto(const Adjustment& adjustment);
v1::AdjustmentLimit ToProto(const AdjustmentLimit& limit);
// What is asked for, without an id. All that is malformed is named at once, below "adjustment".
absl::StatusOr<Adjustment> FromProto(const v1::Adjustment& message, std::string_view partner);

}  // namespace tributary::incentive
