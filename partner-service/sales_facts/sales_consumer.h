#pragma once

// Inventory's feed as sales facts.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/consumer.h"
#include "partner-service/sales_facts/sales_fact_store.h"

namespace tributary::partner {

// Full names of the payloads that it wants.
std::vector<std::string> SalesPayloads();

// An events::ApplyEvents. Adjustments in partners' reports are no sales and are passed over.
absl::Status ApplySales(mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox& outbox);

}  // namespace tributary::partner
