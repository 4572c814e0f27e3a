#include "common/time/date.h"

#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/status/status.h"

namespace tributary {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 9999;

std::chrono::year_month_day Civil(int32_t days) {
  return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days)));
}

// The number that `text` spells in digits alone; -1 where it does not.
int ReadDigits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// The first day of quarter 1..5, where 5 is the first of the next year.
Date QuarterStart(int year, int quarter) {
  const std::chrono::year_month_day first(std::chrono::year(quarter > 4 ? year + 1 : year),
                                          std::chrono::month(quarter > 4 ? 1 : quarter * 3 - 2), std::chrono::day(1));
  return Date::FromDays(static_cast<int32_t>(std::chrono::sys_days(first).time_since_epoch().count()));
}

}  // namespace

absl::StatusOr<Date> Date::FromYmd(int year, int month, int day) {
  if (year >= kFirstYear && year <= kLastYear && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
    const std::chrono::year_month_day civil{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (civil.ok()) return FromDays(static_cast<int32_t>(std::chrono::sys_days(civil).time_since_epoch().count()));
  }
  return InvalidField("", absl::StrFormat("%04d-%02d-%02d", year, month, day),
                      "a day of the calendar from 1900-01-01 to 9999-12-31");
}

absl::StatusOr<Date> Date::Parse(std::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int year = ReadDigits(text.substr(0, 4));
    const int month = ReadDigits(text.substr(5, 2));
    const int day = ReadDigits(text.substr(8, 2));
    if (year >= 0 && month >= 0 && day >= 0) return FromYmd(year, month, day);
  }
  return InvalidField("", text, "a date like 2013-11-29");
}

int Date::year() const { return static_cast<int>(Civil(days_).year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(Civil(days_).month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(Civil(days_).day())); }

std::string Date::ToString() const {
  const std::chrono::year_month_day civil = Civil(days_);
  const int year = static_cast<int>(civil.year());
  const auto month = static_cast<int>(static_cast<unsigned>(civil.month()));
  const auto day = static_cast<int>(static_cast<unsigned>(civil.day()));
  if (year < 0 || year > kLastYear) return absl::StrFormat("%04d-%02d-%02d", year, month, day);
  // By hand: rows are written with several dates each.
  std::string text = "0000-00-00";
  const auto put = [&text](size_t at, int two_digits) {
    text[at] = static_cast<char>('0' + two_digits / 10);
    text[at + 1] = static_cast<char>('0' + two_digits % 10);
  };
  put(0, year / 100);
  put(2, year % 100);
  put(5, month);
  put(8, day);
  return text;
}

Date OpenEnd() {
  constexpr std::chrono::year_month_day kLast(std::chrono::year(9999), std::chrono::month(12), std::chrono::day(31));
  return Date::FromDays(static_cast<int32_t>(std::chrono::sys_days(kLast).time_since_epoch().count()));
}

DateRange QuarterOf(Date d) {
  const int quarter = (d.month() + 2) / 3;
  return {QuarterStart(d.year(), quarter), QuarterStart(d.year(), quarter + 1)};
}

std::string QuarterId(Date d) { return absl::StrFormat("%04dQ%d", d.year(), (d.month() + 2) / 3); }

absl::StatusOr<DateRange> ParseQuarterId(std::string_view id) {
  if (id.size() == 6 && id[4] == 'Q' && id[5] >= '1' && id[5] <= '4') {
    const int year = ReadDigits(id.substr(0, 4));
    const int quarter = id[5] - '0';
    if (year >= kFirstYear) return DateRange{QuarterStart(year, quarter), QuarterStart(year, quarter + 1)};
  }
  return InvalidField("", id, "a quarter like 2013Q4");
}

}  // namespace tributary
