#include "inventory-service/formats/cells.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kSpaces[] = {" ", "\t", "\r", "\n", "\u00A0", "\u2009", "\u202F", "\u3000"};

// The length of white space at the start of the text; 0 where there is none.
size_t SpaceLength(std::string_view text) {
  for (const std::string_view space : kSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

// Full-width and typographic forms of digits, signs, points and brackets as ASCII.
std::string Narrow(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kForms[] = {
      {"\u2212", '-'}, {"\uFF0D", '-'}, {"\uFF0B", '+'}, {"\uFF0E", '.'}, {"\uFF0C", ','},
      {"\uFF08", '('}, {"\uFF09", ')'}, {"\uFF0F", '/'}, {"\uFF1A", ':'}, {"\u2019", '\''}};
  std::string out;
  while (!text.empty()) {
    if (text.size() >= 3 && text.starts_with("\xEF\xBC") && text[2] >= '\x90' && text[2] <= '\x99') {
      out += static_cast<char>('0' + (text[2] - '\x90'));
      text.remove_prefix(3);
      continue;
    }
    bool found = false;
    for (const auto& [form, plain] : kForms) {
      if (!text.starts_with(form)) continue;
      out += plain;
      text.remove_prefix(form.size());
      found = true;
      break;
    }
    if (found) continue;
    out += text[0];
    text.remove_prefix(1);
  }
  return out;
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Takes `least` to `most` digits from the start.
std::optional<std::string> TakeDigits(std::string_view& text, size_t least, size_t most) {
  size_t n = 0;
  while (n < most && n < text.size() && IsDigit(text[n])) ++n;
  if (n < least) return std::nullopt;
  std::string digits(text.substr(0, n));
  text.remove_prefix(n);
  return digits;
}

// Nothing, or a time of day: " 08:30", "T08:30:00.5+08:00", "T003000Z" is none.
bool IsTimeOfDay(std::string_view text) {
  if (text.empty()) return true;
  if (text[0] == 'T') {
    text.remove_prefix(1);
  } else {
    const size_t space = SpaceLength(text);
    if (space == 0) return false;
    text.remove_prefix(space);
  }
  const auto part = [&](int below, size_t least) {
    const auto digits = TakeDigits(text, least, 2);
    return digits.has_value() && std::stoi(*digits) < below;
  };
  const auto take = [&](char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  };
  if (!part(24, 1) || !take(':') || !part(60, 2)) return false;
  if (take(':')) {
    if (!part(61, 2)) return false;
    if (take('.') && !TakeDigits(text, 1, 9).has_value()) return false;
  }
  if (take('Z')) return text.empty();
  if (text.starts_with('+') || text.starts_with('-')) {
    text.remove_prefix(1);
    if (!part(15, 2)) return false;
    take(':');
    if (!part(60, 2)) return false;
  }
  return text.empty();
}

// What a format is made of.
struct DatePart {
  char field = 0;    // 'Y', 'M', 'D', or 0: literally `text`
  size_t least = 0;  // digits
  size_t most = 0;
  std::string text;
};

absl::StatusOr<std::vector<DatePart>> PartsOf(std::string_view format) {
  std::vector<DatePart> parts;
  int years = 0, months = 0, days = 0;
  const absl::Status refused =
      InvalidField("", format, "YYYY, MM or M, and DD or D, once each, and what stands between them, like DD.MM.YYYY");
  for (std::string_view rest = format; !rest.empty();) {
    const char c = rest[0];
    if (c == 'Y' || c == 'M' || c == 'D') {
      size_t n = 0;
      while (n < rest.size() && rest[n] == c) ++n;
      if (c == 'Y' ? n != 4 : n > 2) return refused;
      (c == 'Y' ? years : c == 'M' ? months : days) += 1;
      parts.push_back({.field = c, .least = n, .most = c == 'Y' ? 4u : 2u});
      rest.remove_prefix(n);
      continue;
    }
    if (IsDigit(c)) return refused;
    if (parts.empty() || parts.back().field != 0) parts.emplace_back();
    const size_t length = Utf8SequenceLength(rest);
    if (length == 0) return refused;
    parts.back().text += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  if (years != 1 || months != 1 || days != 1) return refused;
  // A field of one or two digits must be told from the next.
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].least != parts[i].most && parts[i + 1].field != 0) return refused;
  }
  return parts;
}

// The date at the start of the text, when nothing but a time of day is behind it.
std::optional<Date> Match(std::string_view text, const std::vector<DatePart>& parts) {
  int year = 0, month = 0, day = 0;
  for (const DatePart& part : parts) {
    if (part.field == 0) {
      const std::string literal = Narrow(part.text);
      if (!text.starts_with(literal)) return std::nullopt;
      text.remove_prefix(literal.size());
      continue;
    }
    const auto digits = TakeDigits(text, part.least, part.most);
    if (!digits.has_value()) return std::nullopt;
    (part.field == 'Y' ? year : part.field == 'M' ? month : day) = std::stoi(*digits);
  }
  if (!IsTimeOfDay(text)) return std::nullopt;
  const auto date = Date::FromYmd(year, month, day);
  return date.ok() ? std::optional<Date>(*date) : std::nullopt;
}

std::optional<Date> Match(std::string_view text, std::string_view format) { return Match(text, *PartsOf(format)); }

}  // namespace

std::string_view TrimCell(std::string_view cell) {
  for (size_t n; (n = SpaceLength(cell)) != 0;) cell.remove_prefix(n);
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view space : kSpaces) {
      if (!cell.ends_with(space)) continue;
      cell.remove_suffix(space.size());
      cut = true;
    }
  }
  return cell;
}

absl::Status CheckDateFormat(std::string_view format) {
  return format.empty() ? absl::OkStatus() : PartsOf(format).status();
}

absl::StatusOr<Date> ReadDate(std::string_view cell, std::string_view format, bool typed) {
  const std::string text = Narrow(TrimCell(cell));
  static const std::vector<DatePart> iso = *PartsOf("YYYY-MM-DD");
  if (const auto date = Match(text, iso)) return *date;
  if (typed) return InvalidField("", cell, "a date");
  if (!format.empty()) {
    ASSIGN_OR_RETURN(const std::vector<DatePart> parts, PartsOf(format));
    if (const auto date = Match(text, parts)) return *date;
    return InvalidField("", cell, StrCat("a date as ", format));
  }
  for (const char* year_first : {"YYYY/M/D", "YYYY-M-D", "YYYY.M.D", "YYYYMMDD", "YYYY年M月D日"}) {
    if (const auto date = Match(text, year_first)) return *date;
  }
  for (const auto& [day_first, month_first] :
       {std::pair("D/M/YYYY", "M/D/YYYY"), std::pair("D.M.YYYY", "M.D.YYYY"), std::pair("D-M-YYYY", "M-D-YYYY")}) {
    const auto one = Match(text, day_first);
    const auto other = Match(text, month_first);
    if (one.has_value() && other.has_value() && *one != *other) {
      return InvalidField("", cell,
                          StrCat("a declared date format: this is ", one->ToString(), " as ", day_first, " and ",
                                 other->ToString(), " as ", month_first));
    }
    if (one.has_value()) return *one;
    if (other.has_value()) return *other;
  }
  return InvalidField("", cell, "a date, year first, or a declared date format");
}

absl::Status CheckNumberFormat(const NumberFormat& format) {
  if (format.point != '.' && format.point != ',') {
    return InvalidField("point", std::string_view(&format.point, 1), "'.' or ','");
  }
  const std::string_view groupings = ",. '";
  if (format.grouping != 0 &&
      (groupings.find(format.grouping) == std::string_view::npos || format.grouping == format.point)) {
    return InvalidField("grouping", std::string_view(&format.grouping, 1),
                        "',', '.', ' ' or '\\'', other than the point");
  }
  return absl::OkStatus();
}

absl::StatusOr<Decimal> ReadDecimal(std::string_view cell, const NumberFormat& format, bool typed) {
  const NumberFormat declared = typed ? NumberFormat() : format;
  const auto refuse = [&](std::string_view want) { return InvalidField("", cell, want); };
  const std::string shape = StrCat("a number with '", std::string_view(&declared.point, 1), "' before its decimals",
                                   declared.grouping == 0 ? std::string(" and nothing between thousands")
                                                          : StrCat(" and '", std::string_view(&declared.grouping, 1),
                                                                   "' or nothing between thousands"));
  const std::string narrow = Narrow(TrimCell(cell));
  std::string_view text = narrow;
  if (text.empty()) return refuse("a number");
  int signs = 0;
  bool negative = false;
  if (text.starts_with('(') && text.ends_with(')') && text.size() > 2) {
    ++signs;
    negative = true;
    text = TrimCell(text.substr(1, text.size() - 2));
  }
  if (text.starts_with('-') || text.starts_with('+')) {
    ++signs;
    negative = negative || text[0] == '-';
    text = TrimCell(text.substr(1));
  }
  if (text.ends_with('-')) {
    ++signs;
    negative = true;
    text = TrimCell(text.substr(0, text.size() - 1));
  }
  if (signs > 1) return refuse("one sign");

  const size_t point = text.find(declared.point);
  std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  std::string plain = negative ? "-" : "";
  size_t run = 0;
  bool grouped = false;
  while (!whole.empty()) {
    size_t separator = whole[0] == declared.grouping ? 1 : 0;
    if (declared.grouping == ' ') separator = SpaceLength(whole);
    if (separator > 0 && declared.grouping != 0) {
      if (run == 0 || run > 3 || (grouped && run != 3)) return refuse(StrCat(shape, ", in groups of three digits"));
      grouped = true;
      run = 0;
      whole.remove_prefix(separator);
      continue;
    }
    if (!IsDigit(whole[0])) return refuse(shape);
    plain += whole[0];
    ++run;
    whole.remove_prefix(1);
  }
  if (grouped && run != 3) return refuse(StrCat(shape, ", in groups of three digits"));
  if (run == 0 && decimals.empty()) return refuse(shape);
  if (run == 0) plain += '0';
  for (const char c : decimals) {
    if (!IsDigit(c)) return refuse(shape);
  }
  if (point != std::string_view::npos && decimals.empty()) return refuse(shape);
  if (!decimals.empty()) StrAppend(&plain, ".", decimals);
  auto value = Decimal::Parse(plain);
  if (!value.ok()) return refuse("a number of at most 6 decimals within +-10^20");
  return value;
}

}  // namespace tributary::inventory
