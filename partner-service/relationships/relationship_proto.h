#pragma once

// Relationships on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/relationships/relationship.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::partner {

v1::PartnerRelationship ToProto(const Relationship& relationship);
// The content that callers may set; INVALID_FIELD for what is malformed.
absl::StatusOr<Relationship> FromProto(const v1::PartnerRelationship& relationship);
// For the feed.
events::EventDraft Told(std::string_view verb, const Relationship& relationship);

}  // namespace tributary::partner
