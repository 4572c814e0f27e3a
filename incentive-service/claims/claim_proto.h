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
// What is claimed, without an id, of `request`. All that cannot be read is named at once, below "claim"; here and
// below.
absl::StatusOr<Claim> FromProto(const v1::Claim& claim, const FundRequest& request);

// Of a claim on the partner's stock: whose, which kind, and what it is against; nothing else yet.
absl::StatusOr<Claim> SubjectFromProto(const v1::Claim& claim, std::string_view partner);
// All of it. `subject`: as SubjectFromProto read it, with product and currency of what it is against.
absl::StatusOr<Claim> FromProto(const v1::Claim& claim, Claim subject);

}  // namespace tributary::incentive
