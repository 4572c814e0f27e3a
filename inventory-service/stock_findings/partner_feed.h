#pragma once

// What this service does with partner-service's feed, for its main and for tests that run it whole.

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::inventory {

// Keeps what the events tell (partners/partner_directory.h), and the findings that follow from it.
absl::Status ApplyPartnerFeed(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                              events::Outbox& outbox);

}  // namespace tributary::inventory
