#pragma once

// Traces on the wire.

#include <string_view>

#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/sell_through/sell_through_sale.h"
#include "inventory-service/serials/serial_unit.h"
#include "inventory-service/traces/recall.h"
#include "tributary/inventory/v1/trace.pb.h"

namespace tributary::inventory {

v1::TraceStep ToProto(const SerialMove& move);
v1::TraceStep StepOf(const RecordedPosting& posting);
v1::SerialUnit ToProto(const SerialUnit& unit, const SerialPack& pack, bool with_history);
v1::LotHolding ToProto(const LotHolding& holding);
// Who bought units of the product, itself or in a kit.
v1::LotBuyer BuyerOf(const SellThroughSale& sale, std::string_view product, bool lot_untold);

}  // namespace tributary::inventory
