#include "partner-service/exchange_rates/exchange_rate.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr int kDecimals = 12;
constexpr size_t kWholeDigits = 12;
constexpr size_t kLongest = 64;

Rational::Integer PowerOfTen(size_t exponent) {
  return boost::multiprecision::pow(Rational::Integer(10), static_cast<unsigned>(exponent));
}

// Digits as an integer, without the octal meaning of a leading zero.
Rational::Integer ToInteger(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.empty() ? Rational::Integer(0) : Rational::Integer(std::string(digits));
}

// A plain decimal: its whole part and its decimals.
bool Split(std::string_view text, std::string_view* whole, std::string_view* decimals) {
  const size_t point = std::min(text.find('.'), text.size());
  *whole = text.substr(0, point);
  *decimals = text.substr(std::min(point + 1, text.size()));
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return text.size() <= kLongest && digits(*whole) && (point == text.size() || digits(*decimals));
}

}  // namespace

std::string_view NameOf(ExchangeRateState state) {
  switch (state) {
    case ExchangeRateState::kActive:
      return "ACTIVE";
    case ExchangeRateState::kWithdrawn:
      return "WITHDRAWN";
  }
  return "STATE_UNSPECIFIED";
}

std::string ExchangeRate::id() const {
  return StrCat(pair.rate_type, ".", pair.from, ".", pair.to, ".", date.ToString());
}
std::string ExchangeRate::name() const { return StrCat("exchangeRates/", id()); }

absl::StatusOr<std::string> RoundRate(std::string_view text) {
  constexpr std::string_view kWant = "a plain decimal above 0 and below 10^12, like 7.1234, without sign or exponent";
  std::string_view whole, decimals;
  if (!Split(text, &whole, &decimals)) return InvalidField("", text, kWant);
  const Rational stated(ToInteger(StrCat(whole, decimals)), PowerOfTen(decimals.size()));
  const Rational::Integer rounded = stated.RoundScaled(kDecimals, Rounding::kHalfEven);
  if (rounded >= PowerOfTen(kWholeDigits + kDecimals)) return InvalidField("", text, kWant);
  if (rounded == 0)
    return InvalidField("", text, StrCat("a rate of which something is left at ", kDecimals, " decimals"));
  std::string digits = rounded.str();
  if (digits.size() <= kDecimals) digits.insert(0, kDecimals + 1 - digits.size(), '0');
  std::string out = StrCat(digits.substr(0, digits.size() - kDecimals), ".", digits.substr(digits.size() - kDecimals));
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

Rational RateOf(std::string_view rate) {
  std::string_view whole, decimals;
  if (!Split(rate, &whole, &decimals)) return Rational();
  return Rational(ToInteger(StrCat(whole, decimals)), PowerOfTen(decimals.size()));
}

absl::StatusOr<ExchangeRate> Stated(RatePair pair, Date date, std::string_view source_text) {
  if (pair.from == pair.to) {
    return InvalidField("to_currency", pair.to, StrCat("another currency than from_currency, ", pair.from));
  }
  auto rate = RoundRate(source_text);
  if (!rate.ok()) return AtField(rate.status(), "source_text");
  return ExchangeRate{
      .pair = std::move(pair), .date = date, .rate = *std::move(rate), .source_text = std::string(source_text)};
}

absl::StatusOr<RateArrival> Arrive(const std::optional<ExchangeRate>& stored, const ExchangeRate& told) {
  if (!stored.has_value()) return RateArrival::kNew;
  if (stored->state == ExchangeRateState::kWithdrawn) return RateArrival::kReplacing;
  RETURN_IF_ERROR(SameContent({{"source_text", told.rate, stored->rate}}));
  return RateArrival::kAgain;
}

absl::StatusOr<ExchangeRate> Withdraw(const ExchangeRate& rate, absl::Time now) {
  if (rate.state != ExchangeRateState::kActive)
    return WrongState(rate.name(), "withdraw", NameOf(rate.state), "ACTIVE");
  ExchangeRate next = rate;
  next.state = ExchangeRateState::kWithdrawn;
  next.revision = rate.revision.Next(now);
  return next;
}

std::string ExplainMissing(const RatePair& pair, Date date, int within_days, const RateNeighbors& neighbors) {
  std::string why = StrCat("there is no rate of type ", pair.rate_type, " from ", pair.from, " to ", pair.to, " on ",
                           date.ToString());
  if (within_days > 0) StrAppend(&why, " or in the ", within_days, within_days == 1 ? " day" : " days", " before");
  if (neighbors.latest.has_value()) {
    StrAppend(&why, "; the latest before is of ", neighbors.latest->date.ToString(), ", ",
              date.days() - neighbors.latest->date.days(), " days before");
  } else {
    StrAppend(&why, "; none is known before");
  }
  if (neighbors.inverse.has_value()) {
    StrAppend(&why, "; there is one from ", pair.to, " to ", pair.from, " of ", neighbors.inverse->date.ToString(),
              ", and a rate is never inverted");
  }
  return why;
}

}  // namespace tributary::partner
