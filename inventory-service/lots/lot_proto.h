#pragma once

// Lots on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/lots/lot_store.h"
#include "tributary/inventory/v1/lot.pb.h"

namespace tributary::inventory {

v1::Lot ToProto(const Lot& lot);
v1::ExpiringStock ToProto(const ExpiringStock& stock);
// What the caller may set; the rest is left as it is made.
absl::StatusOr<Lot> FromProto(const v1::Lot& lot);

}  // namespace tributary::inventory
