#pragma once

#include <string_view>

#include "common/events/outbox.h"
#include "conflict-service/findings/finding.h"
#include "tributary/conflict/v1/finding.pb.h"

namespace tributary::conflict {

v1::ScopeBox ToProto(const ScopeBox& box);
v1::PriceDepth ToProto(const PriceDepth& depth);
v1::Finding ToProto(const Finding& finding);

// What the feed is told of a change.
events::EventDraft Told(std::string_view verb, const Finding& finding);

}  // namespace tributary::conflict
