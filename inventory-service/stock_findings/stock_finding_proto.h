#pragma once

// Stock findings on the wire.

#include <string_view>

#include "common/events/outbox.h"
#include "inventory-service/stock_findings/stock_finding.h"
#include "tributary/inventory/v1/stock_finding.pb.h"

namespace tributary::inventory {

v1::StockFinding ToProto(const StockFinding& finding);

// What the feed is told of a change.
events::EventDraft Told(std::string_view verb, const StockFinding& finding);

}  // namespace tributary::inventory
