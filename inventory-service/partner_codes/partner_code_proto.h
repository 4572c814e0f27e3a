#pragma once

// Codes of partners on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/partner_codes/partner_code.h"
#include "tributary/inventory/v1/partner_code.pb.h"

namespace tributary::inventory {

v1::PartnerCode ToProto(const PartnerCode& code);

// kind, code, target and effective days; violations name the fields of the resource.
absl::StatusOr<PartnerCode> FromProto(const v1::PartnerCode& code);

}  // namespace tributary::inventory
