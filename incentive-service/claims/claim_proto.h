#pragma once

// Claims on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/claims/claim.h"
#include "tributary/incentive/v1/claim.pb.h"

namespace tributary::incentive {

// partners/{partner}/claims/{claim}: both ids.
absl::StatusOr<std::pair<std::string, std::string>> ParseClaimName(std::string_view name);

v1::Claim ToProto(const Claim& claim);
// What is claimed, without an id, of `request`. All that cannot be read is named at once, below "claim".
absl::StatusOr<Claim> FromProto(const v1::Claim& claim, const FundRequest& request);

}  // namespace tributary::incentive
