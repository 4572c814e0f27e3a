#pragma once

// SPIFFs on the wire.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/spiffs/spiff.h"
#include "tributary/incentive/v1/spiff.pb.h"

namespace tributary::incentive {

// The id in spiffs/{spiff}.
absl::StatusOr<std::string> SpiffIdOf(std::string_view name);

v1::Spiff ToProto(const Spiff& spiff);
// What is drafted, without an id. All that cannot be read is named at once, below "spiff".
absl::StatusOr<Spiff> FromProto(const v1::Spiff& spiff);

}  // namespace tributary::incentive
