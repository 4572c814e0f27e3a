#include "common/money/rational.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "common/status/status.h"

namespace tributary {
namespace {

using Integer = Rational::Integer;

constexpr size_t kMostDigits = 400;

Integer ToInteger(absl::int128 value) {
  const absl::uint128 magnitude = value < 0 ? -absl::uint128(value) : absl::uint128(value);
  Integer result = absl::Uint128High64(magnitude);
  result <<= 64;
  result |= absl::Uint128Low64(magnitude);
  if (value < 0) result = -result;
  return result;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.size() <= kMostDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

// Digit by digit: the library's own reader takes a leading zero for octal.
Integer ReadDigits(std::string_view digits) {
  Integer value = 0;
  for (char c : digits) {
    value *= 10;
    value += c - '0';
  }
  return value;
}

}  // namespace

Rational::Rational(Integer num, Integer den) : num_(std::move(num)), den_(std::move(den)) {
  if (den_ == 0) {
    std::fputs("Rational: a denominator of zero\n", stderr);
    std::abort();
  }
  if (den_ < 0) {
    num_ = -num_;
    den_ = -den_;
  }
  if (den_ == 1) return;
  const Integer divisor = boost::multiprecision::gcd(num_, den_);
  if (divisor != 1) {
    num_ /= divisor;
    den_ /= divisor;
  }
}

Rational::Rational(Decimal value) : Rational(ToInteger(value.micros()), Integer(Decimal::kUnit)) {}

absl::StatusOr<Rational> Rational::ParseDecimal(std::string_view text) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  const size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : rest.substr(point + 1);
  if (!AllDigits(whole) || (point != std::string_view::npos && !AllDigits(fraction))) {
    return InvalidField("", text, "a decimal in digits such as 7.1234 or -3");
  }
  Integer num = ReadDigits(std::string(whole) + std::string(fraction));
  if (negative) num = -num;
  return Rational(std::move(num), boost::multiprecision::pow(Integer(10), static_cast<unsigned>(fraction.size())));
}

std::string Rational::ToDecimalString() const {
  constexpr int kDecimals = 40;
  const Integer scaled = RoundScaled(kDecimals, Rounding::kHalfEven);
  std::string digits = Integer(abs(scaled)).str();
  if (digits.size() <= kDecimals) digits.insert(0, kDecimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - kDecimals, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return scaled < 0 ? "-" + digits : digits;
}

absl::StatusOr<Rational> Rational::Parse(std::string_view text) {
  std::string_view num = text;
  std::string_view den = "1";
  if (const size_t slash = text.find('/'); slash != std::string_view::npos) {
    num = text.substr(0, slash);
    den = text.substr(slash + 1);
  }
  bool negative = false;
  if (!num.empty() && num.front() == '-') {
    negative = true;
    num.remove_prefix(1);
  }
  if (!AllDigits(num) || !AllDigits(den) || den.find_first_not_of('0') == std::string_view::npos) {
    return InvalidField("", text, "a fraction in digits such as 7/2 or -3, its denominator not 0");
  }
  Integer value = ReadDigits(num);
  if (negative) value = -value;
  return Rational(std::move(value), ReadDigits(den));
}

std::string Rational::ToString() const { return den_ == 1 ? num_.str() : num_.str() + "/" + den_.str(); }

Rational operator+(const Rational& a, const Rational& b) {
  if (a.den_ == b.den_) return Rational(Integer(a.num_ + b.num_), a.den_);
  return Rational(Integer(a.num_ * b.den_ + b.num_ * a.den_), Integer(a.den_ * b.den_));
}

Rational operator-(const Rational& a, const Rational& b) { return a + (-b); }

Rational operator*(const Rational& a, const Rational& b) {
  return Rational(Integer(a.num_ * b.num_), Integer(a.den_ * b.den_));
}

Rational operator/(const Rational& a, const Rational& b) {
  return Rational(Integer(a.num_ * b.den_), Integer(a.den_ * b.num_));
}

Rational Rational::operator-() const {
  Rational negated = *this;
  negated.num_ = -negated.num_;
  return negated;
}

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  const int sign =
      a.den_ == b.den_ ? a.num_.compare(b.num_) : Integer(a.num_ * b.den_).compare(Integer(b.num_ * a.den_));
  return sign <=> 0;
}

Rational::Integer Rational::RoundScaled(int decimals, Rounding rounding) const {
  const Integer scaled = boost::multiprecision::abs(num_) * boost::multiprecision::pow(Integer(10), decimals);
  Integer quotient, rest;
  boost::multiprecision::divide_qr(scaled, den_, quotient, rest);
  if (rest != 0) {
    const int half = Integer(rest * 2).compare(den_);
    const bool away = (rounding == Rounding::kHalfEven && (half > 0 || (half == 0 && (quotient & 1) != 0))) ||
                      (rounding == Rounding::kHalfUp && half >= 0) || rounding == Rounding::kUp ||
                      (rounding == Rounding::kFloor && negative()) || (rounding == Rounding::kCeiling && !negative());
    if (away) ++quotient;
  }
  if (negative()) quotient = -quotient;
  return quotient;
}

}  // namespace tributary
