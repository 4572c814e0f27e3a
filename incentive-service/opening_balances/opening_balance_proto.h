#pragma once

// Opening balances on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/opening_balances/opening_balance.h"
#include "tributary/incentive/v1/opening_balance.pb.h"

namespace tributary::incentive {

// (partner, id); INVALID_FIELD name.
absl::StatusOr<std::pair<std::string, std::string>> ParseOpeningBalanceName(std::string_view name);
v1::OpeningBalance ToProto(const OpeningBalance& balance);
// What is told, without an id, and so without sources of its lots. All that cannot be read is named at once, below
// "opening_balance".
absl::StatusOr<OpeningBalance> FromProto(const v1::OpeningBalance& balance, std::string_view partner);

}  // namespace tributary::incentive
