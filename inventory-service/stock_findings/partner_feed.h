#pragma once

// What this service does with partner-service's feed, for its main and for tests that run it whole.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "inventory-service/counts/count_service.h"

namespace tributary::inventory {

std::vector<std::string> PartnerFeedPayloads();

// Keeps what the events tell (partners/partner_directory.h), and the findings that follow from it; takes out the names
// of customers that were erased (end_customers/erased_names.h); moves the counts whose approval was decided.
absl::Status ApplyPartnerFeed(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                              StockCountService& counts, events::Outbox& outbox);

}  // namespace tributary::inventory
