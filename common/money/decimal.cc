#include "common/money/decimal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

constexpr int kScale = 6;
constexpr int64_t kPowers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

constexpr std::string_view kWant =
    "a decimal number with at most 6 decimals, no exponent and no grouping, from -10^20 to 10^20, such as 1234.5";

std::string Digits(absl::uint128 value) {
  constexpr uint64_t kChunk = 10000000000000000000u;  // 10^19, the largest power of ten in 64 bits
  if (absl::Uint128High64(value) == 0) return StrCat(absl::Uint128Low64(value));
  const std::string low = StrCat(absl::Uint128Low64(value % kChunk));
  return StrCat(Digits(value / kChunk), std::string(19 - low.size(), '0'), low);
}

absl::uint128 Magnitude(absl::int128 value) { return value < 0 ? -absl::uint128(value) : absl::uint128(value); }

// `magnitude` counted in 10^-decimals as text.
std::string Print(bool negative, absl::uint128 magnitude, int decimals) {
  std::string text = negative && magnitude != 0 ? "-" : "";
  const absl::uint128 unit = static_cast<uint64_t>(kPowers[decimals]);
  text += Digits(magnitude / unit);
  if (decimals > 0) {
    const std::string fraction = StrCat(absl::Uint128Low64(magnitude % unit));
    StrAppend(&text, ".", std::string(decimals - fraction.size(), '0'), fraction);
  }
  return text;
}

// Whether `quotient` (toward zero) with `rest` of `divisor` left over moves one away from zero.
bool MovesAway(Rounding rounding, bool negative, absl::uint128 quotient, absl::uint128 rest, absl::uint128 divisor) {
  if (rest == 0) return false;
  switch (rounding) {
    case Rounding::kHalfEven:
      return rest * 2 > divisor || (rest * 2 == divisor && (quotient & 1) == 1);
    case Rounding::kHalfUp:
      return rest * 2 >= divisor;
    case Rounding::kDown:
      return false;
    case Rounding::kUp:
      return true;
    case Rounding::kFloor:
      return negative;
    case Rounding::kCeiling:
      return !negative;
  }
  return false;
}

}  // namespace

absl::StatusOr<Decimal> Decimal::Parse(std::string_view text) {
  const auto bad = [text] { return InvalidField("", text, kWant); };
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const size_t point = std::min(rest.find('.'), rest.size());
  std::string_view whole = rest.substr(0, point);
  std::string_view fraction = point < rest.size() ? rest.substr(point + 1) : std::string_view();
  if (whole.empty() && fraction.empty()) return bad();
  while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (whole.size() > 21 || fraction.size() > kScale) return bad();
  absl::int128 micros = 0;
  const auto append = [&micros](std::string_view digits) {
    for (char c : digits) {
      if (!absl::ascii_isdigit(c)) return false;
      micros = micros * 10 + (c - '0');
    }
    return true;
  };
  if (!append(whole) || !append(fraction)) return bad();
  micros *= kPowers[kScale - fraction.size()];
  constexpr absl::int128 kMost = static_cast<__int128>(kUnit) * 10000000000 * 10000000000;
  if (micros > kMost) return bad();
  return Decimal(negative ? -micros : micros);
}

int Decimal::scale() const {
  int scale = kScale;
  for (uint64_t fraction = absl::Uint128Low64(Magnitude(micros_) % kUnit); scale > 0 && fraction % 10 == 0; --scale) {
    fraction /= 10;
  }
  return scale;
}

std::string Decimal::ToString() const {
  const int decimals = scale();
  return Print(negative(), Magnitude(micros_) / kPowers[kScale - decimals], decimals);
}

std::string Decimal::ToFixed(int decimals, Rounding rounding) const {
  decimals = std::clamp(decimals, 0, kScale);
  const absl::uint128 divisor = static_cast<uint64_t>(kPowers[kScale - decimals]);
  const absl::uint128 magnitude = Magnitude(micros_);
  absl::uint128 quotient = magnitude / divisor;
  if (MovesAway(rounding, negative(), quotient, magnitude % divisor, divisor)) quotient += 1;
  return Print(negative(), quotient, decimals);
}

}  // namespace tributary
