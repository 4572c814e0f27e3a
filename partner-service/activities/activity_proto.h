#pragma once

// Activities on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/activities/activity.h"
#include "tributary/partner/v1/activity.pb.h"

namespace tributary::partner {

v1::Activity ToProto(const Activity& activity);
// The content that callers may set.
absl::StatusOr<Activity> FromProto(const v1::Activity& activity);
// For the feed.
events::EventDraft Told(std::string_view verb, const Activity& activity);

}  // namespace tributary::partner
