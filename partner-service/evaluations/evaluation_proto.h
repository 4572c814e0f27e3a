#pragma once

// Evaluations on the wire, and their content in the column that keeps it.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/evaluations/evaluation.h"
#include "tributary/partner/v1/evaluation.pb.h"

namespace tributary::partner {

v1::Evaluation ToProto(const Evaluation& evaluation);
// The content that callers may set: template and period.
absl::StatusOr<Evaluation> FromProto(const v1::Evaluation& evaluation);

// What was read, with the template that it was read for: what the hash is of.
std::string InputsToBytes(const ScorecardTemplate& scorecard_template, const Scorecard& scorecard);

// All that no column of its own holds.
std::string ContentToBytes(const Evaluation& evaluation);
absl::Status PutContent(std::string_view bytes, Evaluation* evaluation);

// For the feed.
events::EventDraft Told(std::string_view verb, const Evaluation& evaluation);

}  // namespace tributary::partner
