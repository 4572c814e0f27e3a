#pragma once

// Regions on the wire.

#include "absl/status/statusor.h"
#include "partner-service/regions/region.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::partner {

v1::Region ToProto(const Region& region);
// The content of a new region, its id from its name; INVALID_FIELD where a name is malformed.
absl::StatusOr<Region> FromProto(const v1::Region& region);

}  // namespace tributary::partner
