#include "inventory-service/units/quantity.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

// Of a number within +-10^26.
Decimal FromMicros(const Rational::Integer& micros) {
  static const Rational::Integer kHalf(1000000000000000);
  const Rational::Integer high = micros / kHalf, low = micros % kHalf;
  return Decimal::FromMicros(absl::int128(high.convert_to<int64_t>()) * kHalf.convert_to<int64_t>() +
                             low.convert_to<int64_t>());
}

}  // namespace

absl::StatusOr<Decimal> ExactQuantity(const Rational& quantity) {
  static const Rational kLimit(Rational::Integer("100000000000000000000"), Rational::Integer(1));
  if (quantity > kLimit || quantity < -kLimit) {
    return Error(Reason::kOverflow, StrCat("got ", quantity.ToString(), ", want a quantity within +-10^20"));
  }
  const Rational::Integer micros = quantity.RoundScaled(6, Rounding::kDown);
  if (Rational(micros, Rational::Integer(Decimal::kUnit)) != quantity) {
    return Error(Reason::kNotAMultiple,
                 StrCat("got ", quantity.ToString(), ", want a quantity that six decimals hold"));
  }
  return FromMicros(micros);
}

bool IsMultipleOf(Decimal quantity, Decimal step) { return step.zero() || quantity.micros() % step.micros() == 0; }

}  // namespace tributary::inventory
