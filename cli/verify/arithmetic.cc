#include "cli/verify/arithmetic.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace tributary::cli::verify {
namespace {

constexpr int kDecimals = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<Integer> Digits(std::string_view text) {
  if (text.empty() || text.size() > 200 || !std::all_of(text.begin(), text.end(), IsDigit)) return std::nullopt;
  Integer value = 0;
  for (char c : text) value = value * 10 + (c - '0');
  return value;
}

Integer Absolute(const Integer& value) { return value < 0 ? Integer(-value) : value; }

}  // namespace

const Integer& Unit() {
  static const Integer unit = 1000000000;
  return unit;
}

std::optional<Integer> Billionths(const google::type::Decimal& decimal) {
  std::string_view text = decimal.value();
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  std::string decimals = point == std::string_view::npos ? "" : std::string(text.substr(point + 1));
  if (digits.empty() || decimals.size() > kDecimals) return std::nullopt;
  decimals.resize(kDecimals, '0');
  std::optional<Integer> value = Digits(digits + decimals);
  if (value.has_value() && negative) *value = -*value;
  return value;
}

std::optional<Integer> Billionths(const google::type::Money& money) {
  const bool in_range = money.nanos() > -1000000000 && money.nanos() < 1000000000;
  const bool one_sign = (money.units() >= 0 && money.nanos() >= 0) || (money.units() <= 0 && money.nanos() <= 0);
  if (!in_range || !one_sign) return std::nullopt;
  return Integer(money.units()) * Unit() + money.nanos();
}

std::string Text(const Integer& billionths) {
  std::string digits = Absolute(billionths).str();
  if (digits.size() <= kDecimals) digits.insert(0, kDecimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - kDecimals, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return billionths < 0 ? "-" + digits : digits;
}

int Decimals(std::string_view currency) {
  constexpr std::string_view kNone[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                        "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
  constexpr std::string_view kThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  constexpr std::string_view kFour[] = {"CLF", "UYW"};
  const auto among = [&](const auto& codes) {
    return std::find(std::begin(codes), std::end(codes), currency) != std::end(codes);
  };
  return among(kNone) ? 0 : among(kThree) ? 3 : among(kFour) ? 4 : 2;
}

std::optional<Fraction> ParseFraction(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t slash = text.find('/');
  const std::optional<Integer> num = Digits(text.substr(0, slash));
  const std::optional<Integer> den = slash == std::string_view::npos ? Integer(1) : Digits(text.substr(slash + 1));
  if (!num.has_value() || !den.has_value() || *den == 0) return std::nullopt;
  return Fraction{negative ? Integer(-*num) : *num, *den};
}

std::string Text(const Fraction& fraction) {
  const Integer divisor = boost::multiprecision::gcd(Absolute(fraction.num), fraction.den);
  const Integer num = fraction.num / divisor, den = fraction.den / divisor;
  return den == 1 ? num.str() : num.str() + "/" + den.str();
}

Integer Round(const Fraction& fraction, incentive::v1::Program::Rounding rounding) {
  const Integer magnitude = Absolute(fraction.num);
  Integer whole = magnitude / fraction.den;
  const Integer twice = (magnitude % fraction.den) * 2;
  switch (rounding) {
    case incentive::v1::Program::DOWN:
      break;
    case incentive::v1::Program::HALF_UP:
      if (twice >= fraction.den) ++whole;
      break;
    default:
      if (twice > fraction.den || (twice == fraction.den && whole % 2 == 1)) ++whole;
  }
  return fraction.num < 0 ? Integer(-whole) : whole;
}

std::vector<Integer> Shares(const Integer& total, const std::vector<Integer>& weights) {
  std::vector<Integer> shares(weights.size());
  Integer sum = 0;
  for (const Integer& weight : weights) sum += weight;
  if (total == 0 || sum <= 0) return shares;
  std::vector<Integer> remainders(weights.size());
  Integer left = total;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Integer product = total * weights[i];
    shares[i] = product / sum;
    remainders[i] = product % sum;
    if (remainders[i] < 0) {  // rounded toward zero; whole parts are rounded down
      --shares[i];
      remainders[i] += sum;
    }
    left -= shares[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; left > 0; ++i, --left) ++shares[order[i]];
  return shares;
}

std::string Text(const google::type::Date& date) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year(), date.month(), date.day());
  return text.data();
}

}  // namespace tributary::cli::verify
