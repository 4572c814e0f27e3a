#include "cli/verify/arithmetic.h"

#include <array>
#include <cstdio>

namespace tributary::cli::verify {

std::optional<Integer> Billionths(const google::type::Decimal& decimal) { return ParseBillionths(decimal.value()); }

std::optional<Integer> Billionths(const google::type::Money& money) {
  const bool in_range = money.nanos() > -1000000000 && money.nanos() < 1000000000;
  const bool one_sign = (money.units() >= 0 && money.nanos() >= 0) || (money.units() <= 0 && money.nanos() <= 0);
  if (!in_range || !one_sign) return std::nullopt;
  return Integer(money.units()) * Unit() + money.nanos();
}

RoundingRule RuleOf(incentive::v1::Program::Rounding rounding) {
  switch (rounding) {
    case incentive::v1::Program::DOWN:
      return RoundingRule::kDown;
    case incentive::v1::Program::HALF_UP:
      return RoundingRule::kHalfUp;
    default:
      return RoundingRule::kHalfEven;
  }
}

Integer Round(const Fraction& fraction, incentive::v1::Program::Rounding rounding) {
  return Round(fraction, RuleOf(rounding));
}

std::string Text(const google::type::Date& date) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year(), date.month(), date.day());
  return text.data();
}

}  // namespace tributary::cli::verify
