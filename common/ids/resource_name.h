#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary {

// 1 to 63 of a-z, 0-9 and '-', not at either end a '-'.
bool IsResourceId(std::string_view id);

// Matches `name` against a pattern such as "partners/{partner}/shipments/{shipment}" and returns the ids in order.
// INVALID_FIELD (field `field`) where it does not fit. Ids are resource ids or 1..64 characters of A-Za-z0-9._~- (codes
// of outside documents).
absl::StatusOr<std::vector<std::string>> ParseResourceName(std::string_view name, std::string_view pattern,
                                                           std::string_view field = "name");
// The partner id of a name that begins with partners/{partner}; empty for others.
std::string_view PartnerOf(std::string_view name);

}  // namespace tributary
