#pragma once

// Requests for market development funds on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/fund_requests/fund_request.h"
#include "tributary/incentive/v1/fund_request.pb.h"

namespace tributary::incentive {

// partners/{partner}/fundRequests/{fund_request}: both ids.
absl::StatusOr<std::pair<std::string, std::string>> ParseFundRequestName(std::string_view name);

v1::FundRequest ToProto(const FundRequest& request);
// What is asked for, without an id, of an allocation in `currency`. All that cannot be read is named at once, below
// "fund_request".
absl::StatusOr<FundRequest> FromProto(const v1::FundRequest& request, const FundAllocation& allocation);

}  // namespace tributary::incentive
