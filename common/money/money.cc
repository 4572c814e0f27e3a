#include "common/money/money.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

// ISO 4217, list one: the currencies in use, grouped by exponent, each group in order. Codes without an exponent
// (metals, testing, no currency) are left out: nothing can be rounded to them.
constexpr std::string_view kExponent0[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                           "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kExponent2[] = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND",
    "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CNY", "COP", "COU",
    "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
    "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR",
    "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU",
    "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS",
    "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD",
    "USN", "UYU", "UZS", "VED", "VES", "WST", "XCD", "YER", "ZAR", "ZMW", "ZWG", "ZWL"};
constexpr std::string_view kExponent3[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::string_view kExponent4[] = {"CLF", "UYW"};

constexpr int64_t kPowers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

// Wide enough for a total of 64 bits times a weight of 128.
using Wide = boost::multiprecision::int256_t;

Wide Widen(absl::int128 value) {
  const absl::uint128 magnitude = value < 0 ? -absl::uint128(value) : absl::uint128(value);
  Wide wide = absl::Uint128High64(magnitude);
  wide <<= 64;
  wide |= absl::Uint128Low64(magnitude);
  return value < 0 ? Wide(-wide) : wide;
}

absl::Status UnknownCurrency(std::string_view code) {
  return InvalidField("currency_code", code, "an ISO 4217 code of a currency in use, such as USD or CNY");
}

std::vector<int64_t> AllToFirst(int64_t total, size_t count) {
  std::vector<int64_t> parts(count, 0);
  parts[0] = total;
  return parts;
}

template <typename Wide>
std::vector<int64_t> Allocate(int64_t total, const std::vector<Wide>& weights) {
  if (weights.empty()) return {};
  Wide sum = 0;
  for (const Wide& weight : weights) sum += weight;
  if (sum == 0) return AllToFirst(total, weights.size());

  // Shares of |total|, each rounded down; what is left over goes by one to the largest remainders. The sign of total
  // is put back at the end, that of the weights cancels in weight / sum.
  const bool negative = total < 0;
  const Wide magnitude = negative ? Wide(-Wide(total)) : Wide(total);
  const Wide divisor = sum < 0 ? Wide(-sum) : sum;
  std::vector<int64_t> parts(weights.size());
  std::vector<Wide> remainders(weights.size());
  Wide left = magnitude;
  for (size_t i = 0; i < weights.size(); ++i) {
    Wide product = magnitude * weights[i];
    if (sum < 0) product = -product;
    Wide part = product / divisor;
    remainders[i] = product % divisor;
    if (remainders[i] < 0) {
      remainders[i] += divisor;
      part -= 1;
    }
    // One below the limit, since a unit of the rest may still come on top.
    if (part < -Wide(std::numeric_limits<int64_t>::max()) || part >= std::numeric_limits<int64_t>::max()) {
      if (weights.size() > 1) return AllToFirst(total, weights.size());
      return {total};
    }
    parts[i] = part.template convert_to<int64_t>();
    left -= part;
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto units = static_cast<size_t>(left.template convert_to<uint64_t>());
  std::partial_sort(order.begin(), order.begin() + units, order.end(), [&](size_t a, size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
  });
  for (size_t i = 0; i < units; ++i) parts[order[i]] += 1;
  if (negative) {
    for (int64_t& part : parts) part = -part;
  }
  return parts;
}

}  // namespace

std::optional<int> CurrencyExponent(std::string_view code) {
  if (std::binary_search(std::begin(kExponent2), std::end(kExponent2), code)) return 2;
  if (std::binary_search(std::begin(kExponent0), std::end(kExponent0), code)) return 0;
  if (std::binary_search(std::begin(kExponent3), std::end(kExponent3), code)) return 3;
  if (std::binary_search(std::begin(kExponent4), std::end(kExponent4), code)) return 4;
  if (code == kPoints) return 0;
  return std::nullopt;
}

absl::StatusOr<Money> Add(const Money& a, const Money& b) {
  if (a.currency != b.currency) {
    return Error(Reason::kCurrencyMismatch,
                 StrCat("got ", Printable(b.currency), ", want ", Printable(a.currency), " as before"));
  }
  return Money{a.currency, a.amount + b.amount};
}

absl::StatusOr<int64_t> ToMinorUnits(const Rational& amount, std::string_view currency, Rounding rounding) {
  const std::optional<int> exponent = CurrencyExponent(currency);
  if (!exponent) return UnknownCurrency(currency);
  const Rational::Integer minor = amount.RoundScaled(*exponent, rounding);
  if (minor < std::numeric_limits<int64_t>::min() || minor > std::numeric_limits<int64_t>::max()) {
    return Error(Reason::kOverflow,
                 StrCat("got ", Printable(minor.str(), 40), " minor units of ", currency, ", want at most 2^63 - 1"));
  }
  return minor.convert_to<int64_t>();
}

absl::StatusOr<Decimal> FromMinorUnits(int64_t minor, std::string_view currency) {
  const std::optional<int> exponent = CurrencyExponent(currency);
  if (!exponent) return UnknownCurrency(currency);
  return Decimal::FromMicros(absl::int128(minor) * kPowers[6 - *exponent]);
}

std::string FormatMinorUnits(int64_t minor, std::string_view currency) {
  const int exponent = CurrencyExponent(currency).value_or(0);
  return Decimal::FromMicros(absl::int128(minor) * kPowers[6 - exponent]).ToFixed(exponent);
}

std::vector<int64_t> AllocateLargestRemainder(int64_t total, const std::vector<Decimal>& weights) {
  std::vector<Wide> wide;
  wide.reserve(weights.size());
  for (Decimal weight : weights) wide.push_back(Widen(weight.micros()));
  return Allocate(total, wide);
}

std::vector<int64_t> AllocateLargestRemainder(int64_t total, const std::vector<Rational>& weights) {
  // In units of their common denominator.
  Rational::Integer common = 1;
  for (const Rational& weight : weights) common = boost::multiprecision::lcm(common, weight.den());
  std::vector<Rational::Integer> whole;
  whole.reserve(weights.size());
  for (const Rational& weight : weights) whole.emplace_back(weight.num() * (common / weight.den()));
  return Allocate(total, whole);
}

}  // namespace tributary
