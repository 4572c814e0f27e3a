#pragma once

// Scorecard templates on the wire, and their content in the column that keeps it.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/scorecards/scorecard_template.h"
#include "tributary/partner/v1/scorecard_template.pb.h"

namespace tributary::partner {

v1::ScorecardTemplate ToProto(const ScorecardTemplate& scorecard_template);
// The content that callers may set; INVALID_FIELD where a name or a number in it is malformed.
absl::StatusOr<ScorecardTemplate> FromProto(const v1::ScorecardTemplate& scorecard_template);

std::string ScorecardTemplateToBytes(const ScorecardTemplate& scorecard_template);
absl::StatusOr<ScorecardTemplate> ScorecardTemplateFromBytes(std::string_view bytes);

// For the feed.
events::EventDraft Told(std::string_view verb, const ScorecardTemplate& scorecard_template);

}  // namespace tributary::partner
