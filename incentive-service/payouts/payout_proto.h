#pragma once

// Payouts on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/payouts/payout.h"
#include "tributary/incentive/v1/payout.pb.h"

namespace tributary::incentive {

// (partner, payout) of partners/{partner}/payouts/{payout}.
absl::StatusOr<std::pair<std::string, std::string>> ParsePayoutName(std::string_view name);

v1::Payout ToProto(const Payout& payout);
// What is asked for, without an id. All that is malformed is named at once, below "payout".
absl::StatusOr<Payout> FromProto(const v1::Payout& message, std::string_view partner);

}  // namespace tributary::incentive
