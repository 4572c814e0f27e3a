#pragma once

// Funding classes on the wire.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/funding_classes/funding_class.h"
#include "tributary/incentive/v1/funding_class.pb.h"

namespace tributary::incentive {

// The id in fundingClasses/{funding_class}.
absl::StatusOr<std::string> FundingClassIdOf(std::string_view name);

v1::FundingClass ToProto(const FundingClass& funding_class);
// What is declared, without an id.
FundingClass FromProto(const v1::FundingClass& funding_class);

}  // namespace tributary::incentive
