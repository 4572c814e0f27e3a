#pragma once

// Profiles of reports on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/report_profiles/report_profile.h"
#include "tributary/inventory/v1/report_profile.pb.h"

namespace tributary::inventory {

v1::ReportProfile ToProto(const ReportProfile& profile);

// What is stated of a profile, by CheckProfile; violations name the fields of the resource.
absl::StatusOr<ReportProfile> FromProto(const v1::ReportProfile& profile);

}  // namespace tributary::inventory
