#pragma once

// Sites on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/sites/site.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {

v1::Site ToProto(const Site& site);
// What the caller may set; the rest is left as it is made.
absl::StatusOr<Site> FromProto(const v1::Site& site);

}  // namespace tributary::inventory
