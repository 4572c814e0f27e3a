#pragma once

// Channels and the route advisor on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/channels/channel.h"
#include "partner-service/channels/route_advisor.h"
#include "tributary/partner/v1/channel.pb.h"

namespace tributary::partner {

v1::Channel ToProto(const Channel& channel);
// The content that callers may set; INVALID_FIELD where a name in it is malformed.
absl::StatusOr<Channel> FromProto(const v1::Channel& channel);
// For the feed.
events::EventDraft Told(std::string_view verb, const Channel& channel);

RouteFactors FromProto(const v1::RecommendRouteRequest& request);
v1::RouteRecommendation ToProto(const RouteAdvice& advice);

}  // namespace tributary::partner
