#pragma once

#include "common/process/census.h"

namespace tributary::incentive {

// Shows how many programs there are, and what they have accrued and stated.
void AddCensus(process::Census& census, prometheus::Registry& registry);

}  // namespace tributary::incentive
