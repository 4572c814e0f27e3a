#pragma once

// Price changes and exposures on the wire.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/price_changes/price_change.h"
#include "tributary/incentive/v1/price_change.pb.h"

namespace tributary::incentive {

// priceChanges/{price_change}: its id.
absl::StatusOr<std::string> PriceChangeIdOf(std::string_view name, std::string_view field = "name");

v1::PriceChange ToProto(const PriceChange& change);
// What is to be made, without an id. All that cannot be read is named at once, below "price_change".
absl::StatusOr<PriceChange> FromProto(const v1::PriceChange& change);

// `protection`: what the exposure is to.
v1::PriceExposure ToProto(const CutExposure& exposure, const LayerProtection& protection, std::string_view partner);

}  // namespace tributary::incentive
