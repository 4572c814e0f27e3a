#pragma once

#include "common/process/census.h"

namespace tributary::inventory {

// Checks the ledger by itself and shows what came out; the same check as CheckLedger.
void AddCensus(process::Census& census, prometheus::Registry& registry);

}  // namespace tributary::inventory
