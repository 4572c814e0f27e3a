#include "incentive-service/engine/count.h"

#include <algorithm>
#include <map>
#include <utility>

#include "incentive-service/engine/fact_set.h"

namespace tributary::incentive {

int64_t CountDistinct(std::vector<CountedLine> lines) {
  std::map<std::string, Decimal> units;
  for (const CountedLine& line : OnceEach(std::move(lines))) {
    if (!line.of.empty()) units[line.of] += line.quantity;
  }
  return std::count_if(units.begin(), units.end(), [](const auto& one) { return Decimal() < one.second; });
}

}  // namespace tributary::incentive
