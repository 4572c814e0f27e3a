#pragma once

// Reporting obligations and their periods on the wire.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "inventory-service/reporting_obligations/reporting_obligation.h"
#include "tributary/inventory/v1/reporting_obligation.pb.h"

namespace tributary::inventory {

v1::ReportingObligation ToProto(const ReportingObligation& obligation, std::optional<Date> stale_since);
v1::ReportingPeriod ToProto(const ReportingObligation& obligation, const ReportingPeriod& period);

// What is stated of an obligation; violations name the fields of the resource.
absl::StatusOr<ReportingObligation> FromProto(const v1::ReportingObligation& obligation, std::string_view partner);

}  // namespace tributary::inventory
