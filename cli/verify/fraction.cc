#include "cli/verify/fraction.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

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

std::optional<Integer> ParseBillionths(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string digits(text.substr(0, point));
  std::string decimals = point == std::string_view::npos ? "" : std::string(text.substr(point + 1));
  if (digits.empty() || decimals.size() > kDecimals) return std::nullopt;
  decimals.resize(kDecimals, '0');
  std::optional<Integer> value = Digits(digits + decimals);
  if (value.has_value() && negative) *value = -*value;
  return value;
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
                                        "PTS", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
  constexpr std::string_view kThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  constexpr std::string_view kFour[] = {"CLF", "UYW"};
  const auto among = [&](const auto& codes) {
    return std::find(std::begin(codes), std::end(codes), currency) != std::end(codes);
  };
  return among(kNone) ? 0 : among(kThree) ? 3 : among(kFour) ? 4 : 2;
}

Integer SmallestUnits(std::string_view currency) {
  Integer units = 1;
  for (int i = Decimals(currency); i > 0; --i) units *= 10;
  return units;
}

Fraction Reduced(Integer num, Integer den) {
  if (den < 0) {
    num = -num;
    den = -den;
  }
  const Integer divisor = boost::multiprecision::gcd(Absolute(num), den);
  if (divisor > 1) {
    num /= divisor;
    den /= divisor;
  }
  return {std::move(num), std::move(den)};
}

Fraction Plus(const Fraction& a, const Fraction& b) { return Reduced(a.num * b.den + b.num * a.den, a.den * b.den); }
Fraction Minus(const Fraction& a, const Fraction& b) { return Reduced(a.num * b.den - b.num * a.den, a.den * b.den); }
Fraction Times(const Fraction& a, const Fraction& b) { return Reduced(a.num * b.num, a.den * b.den); }
Fraction Over(const Fraction& a, const Fraction& b) { return Reduced(a.num * b.den, a.den * b.num); }
Fraction Whole(const Integer& billionths) { return Reduced(billionths, Unit()); }

std::optional<Fraction> ParseFraction(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t slash = text.find('/');
  const std::optional<Integer> num = Digits(text.substr(0, slash));
  const std::optional<Integer> den = slash == std::string_view::npos ? Integer(1) : Digits(text.substr(slash + 1));
  if (!num.has_value() || !den.has_value() || *den == 0) return std::nullopt;
  return Fraction{negative ? Integer(-*num) : *num, *den};
}

std::optional<Fraction> ParseDecimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (point == 0 || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
  const std::optional<Integer> num = Digits(std::string(text.substr(0, point)) + std::string(fraction));
  if (!num.has_value()) return std::nullopt;
  Integer den = 1;
  for (size_t i = 0; i < fraction.size(); ++i) den *= 10;
  return Reduced(negative ? Integer(-*num) : *num, den);
}

std::string Text(const Fraction& fraction) {
  const Integer divisor = boost::multiprecision::gcd(Absolute(fraction.num), fraction.den);
  const Integer num = fraction.num / divisor, den = fraction.den / divisor;
  return den == 1 ? num.str() : num.str() + "/" + den.str();
}

Integer Round(const Fraction& fraction, RoundingRule rule) {
  const Integer magnitude = Absolute(fraction.num);
  Integer whole = magnitude / fraction.den;
  const Integer twice = (magnitude % fraction.den) * 2;
  switch (rule) {
    case RoundingRule::kDown:
      break;
    case RoundingRule::kHalfUp:
      if (twice >= fraction.den) ++whole;
      break;
    case RoundingRule::kHalfEven:
      if (twice > fraction.den || (twice == fraction.den && whole % 2 == 1)) ++whole;
  }
  return fraction.num < 0 ? Integer(-whole) : whole;
}

Integer Floor(const Fraction& fraction) {
  Integer whole = fraction.num / fraction.den;
  if (fraction.num < 0 && whole * fraction.den != fraction.num) --whole;
  return whole;
}

std::vector<Integer> Shares(const Integer& total, const std::vector<Integer>& weights) {
  std::vector<Integer> shares(weights.size());
  Integer sum = 0;
  for (const Integer& weight : weights) sum += weight;
  if (total == 0 || sum <= 0) return shares;
  if (total < 0) {
    shares = Shares(Integer(-total), weights);
    for (Integer& share : shares) share = -share;
    return shares;
  }
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

std::vector<Integer> Shares(const Integer& total, const std::vector<Fraction>& weights) {
  Integer common = 1;
  for (const Fraction& weight : weights) common = boost::multiprecision::lcm(common, weight.den);
  std::vector<Integer> whole;
  for (const Fraction& weight : weights) whole.push_back(weight.num * (common / weight.den));
  return Shares(total, whole);
}

}  // namespace tributary::cli::verify
