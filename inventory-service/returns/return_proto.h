#pragma once

// Return authorizations on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "inventory-service/returns/return_authorization.h"
#include "tributary/inventory/v1/return_authorization.pb.h"

namespace tributary::inventory {

v1::ReturnAuthorization ToProto(const ReturnAuthorization& authorization);
// What the partner asks for; violations name the fields.
absl::StatusOr<ReturnAuthorization> FromProto(const v1::ReturnAuthorization& authorization, std::string_view partner);

}  // namespace tributary::inventory
