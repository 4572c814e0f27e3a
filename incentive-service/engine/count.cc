#include "incentive-service/engine/count.h"

#include <algorithm>

namespace tributary::incentive {

void AddUnits(const CountedUnits& added, int sign, CountedUnits* units) {
  for (const auto& [of, quantity] : added) {
    const auto [position, fresh] = units->try_emplace(of);
    position->second += sign > 0 ? quantity : -quantity;
    if (position->second.zero()) units->erase(position);
  }
}

int64_t CountDistinct(const CountedUnits& units) {
  return std::count_if(units.begin(), units.end(), [](const auto& one) { return Decimal() < one.second; });
}

}  // namespace tributary::incentive
