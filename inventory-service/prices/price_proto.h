#pragma once

// Price lists, entries and the answer which of them holds, on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/prices/price.h"
#include "inventory-service/prices/price_resolution.h"
#include "tributary/inventory/v1/price_entry.pb.h"
#include "tributary/inventory/v1/price_list.pb.h"

namespace tributary::inventory {

v1::PriceList ToProto(const PriceList& list);
v1::PriceEntry ToProto(const PriceEntry& entry);
v1::ResolvedPrice ToProto(const PriceQuestion& question, const PriceResolution& resolution);

// What is stated of an entry, without list and id; violations name the fields of the resource.
absl::StatusOr<PriceEntry> FromProto(const v1::PriceEntry& entry);
// With list and id, from its name.
absl::StatusOr<PriceEntry> NamedFromProto(const v1::PriceEntry& entry);

// Where the request states a partner, channel and tiers are unset: they are the partner's (partners/buyer.h).
absl::StatusOr<PriceQuestion> FromProto(const v1::ResolvePriceRequest& request);

}  // namespace tributary::inventory
