#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "conflict-service/prices/price.h"
#include "tributary/conflict/v1/price_observation.pb.h"
#include "tributary/conflict/v1/price_rule.pb.h"

namespace tributary::conflict {

v1::PriceObservation ToProto(const PriceObservation& observation);
// What the caller may set. INVALID_FIELD.
absl::StatusOr<PriceObservation> FromProto(const v1::PriceObservation& message);

v1::PriceRule ToProto(const PriceRule& rule);
// What the caller may set, checked. INVALID_FIELD.
absl::StatusOr<PriceRule> FromProto(const v1::PriceRule& message);

// What the feed is told of a change.
events::EventDraft Told(std::string_view verb, const v1::PriceObservation& observation);
events::EventDraft Told(std::string_view verb, const v1::PriceRule& rule);

}  // namespace tributary::conflict
