#pragma once

// Deductions on the wire.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "incentive-service/deductions/deduction.h"
#include "tributary/incentive/v1/deduction.pb.h"

namespace tributary::incentive {

// (partner, deduction) of partners/{partner}/deductions/{deduction}.
absl::StatusOr<std::pair<std::string, std::string>> ParseDeductionName(std::string_view name);

v1::Deduction ToProto(const Deduction& deduction);
v1::AgedDeductions ToProto(std::string_view partner, const std::vector<AgedDeductions>& aged, Date as_of);
// What is written down, without an id. All that is malformed is named at once, below "deduction".
absl::StatusOr<Deduction> FromProto(const v1::Deduction& message, std::string_view partner);

}  // namespace tributary::incentive
