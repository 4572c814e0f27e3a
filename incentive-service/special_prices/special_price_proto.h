#pragma once

// Special prices on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/special_prices/special_price.h"
#include "tributary/incentive/v1/special_price.pb.h"

namespace tributary::incentive {

// partners/{partner}/specialPrices/{special_price}: both ids.
absl::StatusOr<std::pair<std::string, std::string>> ParseSpecialPriceName(std::string_view name);

v1::SpecialPriceAuthorization ToProto(const SpecialPriceAuthorization& authorization);
// What is asked for, without an id. All that cannot be read is named at once, below "special_price".
absl::StatusOr<SpecialPriceAuthorization> FromProto(const v1::SpecialPriceAuthorization& authorization,
                                                    std::string_view partner);

}  // namespace tributary::incentive
