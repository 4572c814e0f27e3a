#include "cli/verify/counted.h"

#include <algorithm>
#include <map>

namespace tributary::cli::verify {

CountWork WorkOutCount(bool by_product, const std::vector<CountedLine>& lines) {
  CountWork work;
  std::map<int64_t, Integer> units;
  std::map<std::string, int64_t> products;
  for (const CountedLine& line : lines) {
    const int64_t next = static_cast<int64_t>(units.size()) + 1;
    int64_t wanted = line.as;
    if (by_product) {
      wanted = products.emplace(line.product, next).first->second;
    } else if (line.as < 0 || line.as > next) {
      wanted = next;
    }
    if (line.as != wanted) {
      work.differences.push_back(line.fact + ": counted_as: stated " + std::to_string(line.as) + ", worked out " +
                                 std::to_string(wanted));
    }
    if (wanted > 0) units[wanted] += line.units;
  }
  const auto left = std::count_if(units.begin(), units.end(), [](const auto& one) { return one.second > 0; });
  work.count = {left, 1};
  return work;
}

}  // namespace tributary::cli::verify
