#pragma once

// Territory grants on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/territory_grants/territory_grant.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::partner {

v1::TerritoryGrant ToProto(const TerritoryGrant& grant);
// The content that callers may set; INVALID_FIELD for each name in it that is malformed.
absl::StatusOr<TerritoryGrant> FromProto(const v1::TerritoryGrant& grant);
// For the feed.
events::EventDraft Told(std::string_view verb, const TerritoryGrant& grant);

}  // namespace tributary::partner
