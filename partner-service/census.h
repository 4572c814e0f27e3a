#pragma once

#include "common/process/census.h"

namespace tributary::partner {

// Shows how many applications and partners there are, by state.
void AddCensus(process::Census& census, prometheus::Registry& registry);

}  // namespace tributary::partner
