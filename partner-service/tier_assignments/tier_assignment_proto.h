#pragma once

// Tier assignments on the wire, and findings in the columns that keep them.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/tier_assignments/tier_assignment.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::partner {

v1::TierAssignment ToProto(const TierAssignment& assignment);
v1::LevelFinding ToProto(const LevelFinding& finding);

std::string FindingsToBytes(const std::vector<LevelFinding>& findings);
absl::StatusOr<std::vector<LevelFinding>> FindingsFromBytes(std::string_view bytes);

// For the feed.
events::EventDraft Told(std::string_view verb, const TierAssignment& assignment);

}  // namespace tributary::partner
