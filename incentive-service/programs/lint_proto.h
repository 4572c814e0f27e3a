#pragma once

// Lint on the wire.

#include "absl/status/statusor.h"
#include "incentive-service/engine/lint/lint.h"
#include "tributary/incentive/v1/program_service.pb.h"

namespace tributary::incentive {

// INVALID_FIELD most, budget, unit_price or cliff_percent.
absl::StatusOr<LintSettings> LintSettingsFromProto(const v1::LintProgramRequest& request);

v1::LintFinding ToProto(const Finding& finding);

}  // namespace tributary::incentive
