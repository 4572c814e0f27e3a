#include "inventory-service/forecasting/estimate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tributary::inventory {

double ToDouble(Decimal value) { return static_cast<double>(value.micros()) / Decimal::kUnit; }

Decimal Rounded(double value, int decimals) {
  int64_t step = Decimal::kUnit;
  for (int i = 0; i < decimals; ++i) step /= 10;
  constexpr double kLimit = 1e20;
  // nearbyint is half-even in the rounding mode that every process starts in.
  const double steps = std::nearbyint(std::clamp(value, -kLimit, kLimit) * (Decimal::kUnit / step));
  return Decimal::FromMicros(absl::int128(steps) * step);
}

Decimal NormalQuantile(Decimal probability) {
  const double wanted = ToDouble(probability);
  double low = -8;
  double high = 8;
  for (int i = 0; i < 64; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < wanted ? low : high) = middle;
  }
  return Rounded((low + high) / 2, 6);
}

}  // namespace tributary::inventory
