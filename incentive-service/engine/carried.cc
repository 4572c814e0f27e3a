#include "incentive-service/engine/carried.h"

#include <algorithm>
#include <utility>

namespace tributary::incentive {

void Carried::Add(PeriodSum sum) {
  amount = std::min(Decimal(), amount + sum.amount);
  quantity = std::min(Decimal(), quantity + sum.quantity);
  periods.push_back(std::move(sum));
  if (amount.zero() && quantity.zero()) periods.clear();
}

}  // namespace tributary::incentive
