#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "conflict-service/deals/deal.h"
#include "tributary/conflict/v1/deal_registration.pb.h"

namespace tributary::conflict {

v1::DealBox ToProto(const Box& box);
// Nothing in it tells of others but `conflict`; neither the place in the order nor the contest does.
v1::DealRegistration ToProto(const Deal& deal);
// What the caller may set; the rest is at its beginning. The message has passed validation.
absl::StatusOr<Deal> FromProto(const v1::DealRegistration& message);

// What the feed is told of a change.
events::EventDraft Told(std::string_view verb, const Deal& deal);

}  // namespace tributary::conflict
