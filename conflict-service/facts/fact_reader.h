#pragma once

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "conflict-service/detection/detector.h"

namespace tributary::conflict {

// The payloads that this service wants of other services' feeds.
std::vector<std::string> PartnerPayloads();
std::vector<std::string> InventoryPayloads();

// The facts in events of both feeds; other payloads are passed over. INVALID_ARGUMENT where one cannot be read.
absl::StatusOr<FactBatch> ReadFacts(absl::Span<const events::Event> events);

}  // namespace tributary::conflict
