#pragma once

// Sales targets on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/sales_targets/attainment.h"
#include "partner-service/sales_targets/sales_target.h"
#include "tributary/partner/v1/sales_target.pb.h"

namespace tributary::partner {

v1::SalesTarget ToProto(const SalesTarget& target);
// The content that callers may set; INVALID_FIELD for what is malformed, or where not exactly one of amount and
// quantity is set.
absl::StatusOr<SalesTarget> FromProto(const v1::SalesTarget& target);
v1::Attainment ToProto(const SalesTarget& target, const Attainment& attainment);
// For the feed.
events::EventDraft Told(std::string_view verb, const SalesTarget& target);

}  // namespace tributary::partner
