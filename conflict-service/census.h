#pragma once

#include "common/process/census.h"

namespace tributary::conflict {

// Shows how many findings are open, by kind.
void AddCensus(process::Census& census, prometheus::Registry& registry);

}  // namespace tributary::conflict
