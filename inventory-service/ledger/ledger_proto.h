#pragma once

// Positions and postings on the wire.

#include "inventory-service/ledger/ledger_store.h"
#include "tributary/inventory/v1/ledger.pb.h"

namespace tributary::inventory {

v1::Position ToProto(const Position& position);
v1::StockPosting ToProto(const RecordedPosting& posting);
v1::LedgerBalance ToProto(const Balance& balance);

}  // namespace tributary::inventory
