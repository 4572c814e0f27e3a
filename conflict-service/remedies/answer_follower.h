#pragma once

// The answers of those who carry remedies out, by the feeds of incentive-service and partner-service.

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::conflict {

// The payload type that is wanted.
const std::string& RemedyAnswerPayload();

// Takes the answers among the events; other payloads are passed over, and so are answers to another remedy that had the
// number once. What they change is stored and told.
absl::Status ApplyRemedyAnswers(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                                events::Outbox& outbox);

}  // namespace tributary::conflict
