#include "inventory-service/formats/xlsx_styles.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/text/text.h"
#include "common/time/date.h"
#include "inventory-service/formats/sheet_builder.h"

namespace tributary::inventory {
namespace {

// -?digits[.digits][e[+-]digits]
bool IsNumber(std::string_view text) {
  const auto digits = [&] {
    size_t n = 0;
    while (n < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[n]))) ++n;
    text.remove_prefix(n);
    return n > 0;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  if (!digits()) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!digits()) return false;
  }
  return text.empty();
}

size_t SignificantDigits(std::string_view text) {
  std::string digits;
  for (const char c : text.substr(0, text.find_first_of("eE"))) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) digits += c;
  }
  const size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return 0;
  return digits.find_last_not_of('0') - first + 1;
}

}  // namespace

NumberKind KindOfFormat(std::string_view code) {
  bool day = false, hour = false, month = false;
  for (size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    switch (absl::ascii_tolower(static_cast<unsigned char>(code[i]))) {
      case '"':
        i = std::min(code.find('"', i + 1), code.size() - 1);
        break;
      case '\\':
      case '_':
      case '*':
        ++i;
        break;
      case '[': {
        const size_t end = std::min(code.find(']', i), code.size() - 1);
        const char inside = i + 1 < code.size() ? absl::ascii_tolower(static_cast<unsigned char>(code[i + 1])) : '\0';
        // [h], [mm], [s]: a length of time. [Red], [$-409] and [>100] say nothing.
        if ((inside == 'h' || inside == 'm' || inside == 's') &&
            std::all_of(code.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                        code.begin() + static_cast<std::ptrdiff_t>(end),
                        [&](unsigned char c) { return absl::ascii_tolower(c) == inside; })) {
          return NumberKind::kNumber;
        }
        i = end;
        break;
      }
      case 'y':
      case 'd':
        day = true;
        break;
      case 'm':
        month = true;
        break;
      case 'h':
      case 's':
        hour = true;
        break;
      case 'g':  // General
        if (absl::ascii_tolower(static_cast<unsigned char>(i + 1 < code.size() ? code[i + 1] : '\0')) == 'e') {
          return NumberKind::kNumber;
        }
        break;
      case '0':
      case '#':
      case '?':
        // Digits stand in dates only as fractions of a second: "ss.000".
        if (!hour) return NumberKind::kNumber;
        break;
      default:
        break;
    }
  }
  if (day || (month && !hour)) return NumberKind::kDate;
  return hour ? NumberKind::kTime : NumberKind::kNumber;
}

NumberKind KindOfBuiltIn(int id) {
  if ((id >= 14 && id <= 17) || id == 22) return NumberKind::kDate;
  if ((id >= 18 && id <= 21) || id == 45 || id == 47) return NumberKind::kTime;
  // East Asian ones: 32 to 35 are times, 55 and 56 too in some of the languages, where the rest are dates.
  if (id >= 32 && id <= 35) return NumberKind::kTime;
  if ((id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58)) return NumberKind::kDate;
  return NumberKind::kNumber;
}

std::optional<std::string> SerialText(std::string_view serial, NumberKind kind, bool from_1904) {
  double value = 0;
  const auto [end, error] = std::from_chars(serial.data(), serial.data() + serial.size(), value);
  if (error != std::errc() || end != serial.data() + serial.size() || !(value >= 0) || value >= 2958466)
    return std::nullopt;
  // Seconds are what a day's fraction can be trusted for.
  auto seconds = static_cast<int64_t>(std::llround(value * 86400));
  auto days = static_cast<int32_t>(seconds / 86400);
  seconds %= 86400;
  const std::string time = absl::StrFormat("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (kind == NumberKind::kTime && days == 0) return time;
  if (from_1904) {
    days += 1462;
  } else if (days == 0 || days == 60) {
    return std::nullopt;
  } else if (days < 60) {
    ++days;  // the leap day that 1900 had not
  }
  const auto epoch = Date::FromYmd(1900, 1, 1);
  const Date date = epoch->AddDays(days - 2);
  if (date.year() > 9999) return std::nullopt;
  return seconds == 0 && kind == NumberKind::kDate ? date.ToString() : StrCat(date.ToString(), "T", time);
}

std::optional<std::string> CellNumber(std::string_view text, bool computed) {
  if (!IsNumber(text)) return std::nullopt;
  if (SignificantDigits(text) > 15) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    char shortest[40];
    if (error == std::errc()) {
      const auto written = std::to_chars(shortest, shortest + sizeof shortest, value);
      std::string name(shortest, written.ptr);
      if (computed && SignificantDigits(name) > 15) name = absl::StrFormat("%.15g", value);
      if (SignificantDigits(name) <= 15) return PlainNumber(name);
    }
  }
  return PlainNumber(text);
}

}  // namespace tributary::inventory
