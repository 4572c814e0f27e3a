#pragma once

// Replenishment policies and suggestions on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/replenishment/policy.h"
#include "inventory-service/replenishment/suggestion.h"
#include "tributary/inventory/v1/replenishment_policy.pb.h"
#include "tributary/inventory/v1/suggestion.pb.h"

namespace tributary::inventory {

v1::ReplenishmentPolicy ToProto(const ReplenishmentPolicy& policy);
v1::Suggestion ToProto(const Suggestion& suggestion);

// The terms that a policy of `partner` states; defaults stand where it states nothing. INVALID_FIELD with every
// violation that the fields by themselves show.
absl::StatusOr<ReplenishmentPolicy> FromProto(const v1::ReplenishmentPolicy& policy, std::string_view partner);

}  // namespace tributary::inventory
