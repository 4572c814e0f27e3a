#include "incentive-service/engine/shares.h"

#include <algorithm>
#include <numeric>

#include "common/money/money.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {

std::vector<int64_t> ShareOut(int64_t total, const std::vector<Decimal>& amounts) {
  if (total == 0) return std::vector<int64_t>(amounts.size(), 0);
  return AllocateLargestRemainder(total, amounts);
}

std::vector<int64_t> ShareOut(int64_t total, const std::vector<Rational>& weights) {
  std::vector<int64_t> shares(weights.size(), 0);
  Rational sum;
  for (const Rational& weight : weights) sum = sum + weight;
  if (total == 0 || !Positive(sum)) return shares;
  // Of the magnitude, so that a reversal cancels share by share.
  const Rational unit = Rational::FromInt(total < 0 ? -total : total) / sum;
  std::vector<Rational> rests(weights.size());
  int64_t left = total < 0 ? -total : total;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Rational exact = unit * weights[i];
    const Rational::Integer whole = exact.RoundScaled(0, Rounding::kFloor);
    shares[i] = whole.convert_to<int64_t>();
    rests[i] = exact - Rational(whole, Rational::Integer(1));
    left -= shares[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rests[a] > rests[b]; });
  for (size_t i = 0; left > 0; ++i, --left) ++shares[order[i]];
  if (total < 0) {
    for (int64_t& share : shares) share = -share;
  }
  return shares;
}

}  // namespace tributary::incentive
