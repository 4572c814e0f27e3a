#include "incentive-service/engine/exact.h"

#include <utility>

namespace tributary::incentive {

Decimal ToDecimal(const Rational& value, Rounding rounding) {
  static const Rational::Integer kHalf(1000000000000000);
  const Rational::Integer micros = value.RoundScaled(6, rounding);
  const Rational::Integer high = micros / kHalf, low = micros % kHalf;
  return Decimal::FromMicros(absl::int128(high.convert_to<int64_t>()) * kHalf.convert_to<int64_t>() +
                             low.convert_to<int64_t>());
}

Rational ToBillionth(const Rational& value) {
  return Rational(value.RoundScaled(9, Rounding::kHalfEven), Rational::Integer(1000000000));
}

}  // namespace tributary::incentive
