#include "cli/verify/goods.h"

#include <algorithm>
#include <map>

namespace tributary::cli::verify {

GoodsWork WorkOutGoods(const GoodsTerms& terms, const std::vector<GoodsLine>& lines) {
  GoodsWork work;
  std::map<int64_t, Integer> orders;
  int64_t numbers = 0;
  for (const GoodsLine& line : lines) {
    const bool numbered = terms.by_order ? 0 < line.as && line.as <= numbers + 1 : line.as == 0;
    if (!numbered) {
      work.differences.push_back(line.fact + ": counted_as: stated " + std::to_string(line.as) + ", worked out " +
                                 std::to_string(terms.by_order ? numbers + 1 : 0));
    }
    numbers = std::max(numbers, line.as);
    if (line.amount == 0) work.given += line.units;
    if (line.amount == 0 && !terms.inclusive) continue;
    orders[line.as] += line.units;
    work.paid += line.units;
  }
  const Integer bundle = terms.inclusive ? Integer(terms.paid_units + terms.free_units) : terms.paid_units;
  if (bundle <= 0) {
    work.differences.push_back("free goods for no paid units");
    return work;
  }
  for (const auto& [number, units] : orders) {
    if (units > 0) work.due += units / bundle * terms.free_units;
  }
  return work;
}

}  // namespace tributary::cli::verify
