#pragma once

// Partners on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/partners/partner.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::partner {

v1::Partner ToProto(const Partner& partner);
// Straight into a reply.
void ToProto(const Partner& partner, v1::Partner* out);
// The content that callers may set; INVALID_FIELD where a name in it is malformed.
absl::StatusOr<Partner> FromProto(const v1::Partner& partner);
// For the feed.
events::EventDraft Told(std::string_view verb, const Partner& partner);

}  // namespace tributary::partner
