#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "conflict-service/deals/deal_figures.h"
#include "conflict-service/deals/deal_limits.h"
#include "tributary/conflict/v1/deal_limits.pb.h"

namespace tributary::conflict {

v1::DealLimits ToProto(const DealLimits& limits);
// What the caller may set, checked (CheckDealLimits); neither version nor time.
absl::StatusOr<DealLimits> FromProto(const v1::DealLimits& message);

// Of partners/{partner}, from this day on.
v1::DealFigures ToProto(std::string_view partner, Date from, const DealFigures& figures, const DealLimits& limits);

}  // namespace tributary::conflict
