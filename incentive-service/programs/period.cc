#include "incentive-service/programs/period.h"

#include <charconv>
#include <optional>

#include "absl/time/civil_time.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// The first of a month; `month` may be 13, the next year's January. Of any year: what ends with 9999 ends in the next.
Date FirstOf(int year, int month) {
  const absl::CivilDay first(year, month, 1);
  return Date::FromDays(static_cast<int32_t>(first - absl::CivilDay(1970, 1, 1)));
}

std::optional<int> Number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Date> FirstDayOf(PeriodKind kind, std::string_view id) {
  const size_t length = kind == PeriodKind::kYear ? 4 : 7;
  if (id.size() != length || (kind == PeriodKind::kMonth && id[4] != '-')) return std::nullopt;
  const std::optional<int> year = Number(id.substr(0, 4));
  const std::optional<int> month = kind == PeriodKind::kYear ? 1 : Number(id.substr(5));
  // The days that messages may state.
  if (!year.has_value() || *year < 1900 || *year > 9999) return std::nullopt;
  if (!month.has_value() || *month < 1 || *month > 12) return std::nullopt;
  return FirstOf(*year, *month);
}

}  // namespace

std::string_view NameOf(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kQuarter:
      return "QUARTER";
    case PeriodKind::kMonth:
      return "MONTH";
    case PeriodKind::kYear:
      return "YEAR";
  }
  return "";
}

Period PeriodOf(PeriodKind kind, Date day) {
  switch (kind) {
    case PeriodKind::kQuarter:
      return {QuarterId(day), QuarterOf(day)};
    case PeriodKind::kMonth: {
      const Date first = FirstOf(day.year(), day.month());
      return {first.ToString().substr(0, 7), {first, FirstOf(day.year(), day.month() + 1)}};
    }
    case PeriodKind::kYear:
      return {FirstOf(day.year(), 1).ToString().substr(0, 4), {FirstOf(day.year(), 1), FirstOf(day.year() + 1, 1)}};
  }
  return {};
}

absl::StatusOr<Period> ParsePeriod(PeriodKind kind, std::string_view id) {
  if (kind == PeriodKind::kQuarter) {
    ASSIGN_OR_RETURN(const DateRange range, ParseQuarterId(id));
    return Period{std::string(id), range};
  }
  const std::optional<Date> first = FirstDayOf(kind, id);
  if (first.has_value()) return PeriodOf(kind, *first);
  return InvalidField("", id, kind == PeriodKind::kMonth ? "a month, such as 2013-11" : "a year, such as 2013");
}

bool Divides(PeriodKind inner, PeriodKind outer) {
  return inner != outer && inner != PeriodKind::kYear && outer != PeriodKind::kMonth;
}

}  // namespace tributary::incentive
