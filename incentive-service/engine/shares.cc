#include "incentive-service/engine/shares.h"

#include "common/money/money.h"

namespace tributary::incentive {

std::vector<int64_t> ShareOut(int64_t total, const std::vector<Decimal>& amounts) {
  if (total == 0) return std::vector<int64_t>(amounts.size(), 0);
  return AllocateLargestRemainder(total, amounts);
}

}  // namespace tributary::incentive
