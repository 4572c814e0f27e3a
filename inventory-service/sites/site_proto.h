#pragma once

// Sites on the wire.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/wire/field_reader.h"
#include "inventory-service/sites/site.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {

v1::Site ToProto(const Site& site);
// The id in "partners/{partner}/sites/{site}", a site of this partner; refuses the field `site` where it is none.
std::string TakeSite(std::string_view name, std::string_view partner, FieldReader* fields);
// What the caller may set; the rest is left as it is made.
absl::StatusOr<Site> FromProto(const v1::Site& site);

}  // namespace tributary::inventory
