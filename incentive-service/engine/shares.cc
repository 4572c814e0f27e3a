#include "incentive-service/engine/shares.h"

#include "common/money/money.h"

namespace tributary::incentive {

std::vector<int64_t> ShareOut(int64_t total, const std::vector<Decimal>& amounts) {
  Decimal sum;
  for (const Decimal& amount : amounts) sum += amount;
  if (total == 0 || sum <= Decimal()) return std::vector<int64_t>(amounts.size(), 0);
  return AllocateLargestRemainder(total, amounts);
}

std::vector<int64_t> ShareOut(int64_t total, const std::vector<Rational>& weights) {
  Rational sum;
  for (const Rational& weight : weights) sum = sum + weight;
  if (total == 0 || sum <= Rational()) return std::vector<int64_t>(weights.size(), 0);
  return AllocateLargestRemainder(total, weights);
}

}  // namespace tributary::incentive
