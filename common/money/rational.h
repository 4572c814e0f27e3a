#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "boost/multiprecision/cpp_int.hpp"
#include "common/money/decimal.h"

namespace tributary {

// An exact fraction, always in lowest terms with a positive denominator. Unbounded, so that no product of amounts and
// rates overflows.
class Rational {
 public:
  using Integer = boost::multiprecision::cpp_int;
  Rational() : num_(0), den_(1) {}
  Rational(Integer num, Integer den);  // den != 0
  explicit Rational(Decimal value);
  static Rational FromInt(int64_t whole) { return Rational(Integer(whole), Integer(1)); }
  // "num" or "num/den" in decimal digits (400 at most each), the numerator perhaps with a sign; else INVALID_FIELD
  // without a field name.
  static absl::StatusOr<Rational> Parse(std::string_view text);
  // A plain decimal of any length, "7.1234" or "-3". INVALID_FIELD without a field name.
  static absl::StatusOr<Rational> ParseDecimal(std::string_view text);

  const Integer& num() const { return num_; }
  const Integer& den() const { return den_; }
  bool zero() const { return num_ == 0; }
  bool negative() const { return num_ < 0; }
  std::string ToString() const;  // "num/den", or "num" where den is 1
  // As a plain decimal without trailing zeros; half-even to 40 decimals where it has more.
  std::string ToDecimalString() const;

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);  // b != 0
  Rational operator-() const;
  friend bool operator==(const Rational& a, const Rational& b) { return a.num_ == b.num_ && a.den_ == b.den_; }
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  // The integer nearest to value x 10^decimals under `rounding`; the one place where exactness ends.
  Integer RoundScaled(int decimals, Rounding rounding) const;

 private:
  Integer num_, den_;
};

}  // namespace tributary
