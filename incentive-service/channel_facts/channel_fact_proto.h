#pragma once

// What of inventory's feed are channel facts.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "incentive-service/channel_facts/channel_fact.h"

namespace tributary::incentive {

// The payload types that tell them, but for lines of shipments (facts/fact_proto.h).
const std::vector<std::string>& ChannelFactTypes();

// What the event tells: mostly one fact or none, of a return to the vendor one a line, of kits one a part.
// INVALID_FIELD or MALFORMED_REQUEST where the payload is not what inventory promises.
absl::StatusOr<std::vector<ChannelFact>> ChannelFactsOf(const events::Event& event);

}  // namespace tributary::incentive
