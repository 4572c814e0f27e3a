#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace tributary::cli {

// Writes the sample channel as CSV files for the mappings in cli/mappings/sample: about 200 partners in China and
// abroad (names in Chinese and English, some of them nearly alike), 24 products, their prices, 20,000 sell-in lines
// with returns, late and back-dated rows in no order, and 2,000 direct sales. The same seed gives the same bytes on
// every machine.
absl::Status WriteSampleChannel(const std::string& folder, uint64_t seed);

}  // namespace tributary::cli
