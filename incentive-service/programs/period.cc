#include "incentive-service/programs/period.h"

#include <algorithm>
#include <charconv>
#include <iterator>
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

// What no period of a fiscal calendar holds lies within these.
Date FirstDayOfAll() { return FirstOf(1900, 1); }

// From the shortest to the longest.
int RankOf(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kMonth:
      return 0;
    case PeriodKind::kQuarter:
      return 1;
    case PeriodKind::kHalfYear:
      return 2;
    case PeriodKind::kYear:
      return 3;
  }
  return 0;
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
    case PeriodKind::kHalfYear:
      return "HALF_YEAR";
  }
  return "";
}

DateRange Periods::days() const {
  if (!is_fiscal()) return {FirstDayOfAll(), OpenEnd()};
  if (fiscal().empty()) return {};
  return {fiscal().front().range.start, fiscal().back().range.end};
}

bool operator==(const Periods& a, const Periods& b) {
  if (a.kind_ != b.kind_ || a.is_fiscal() != b.is_fiscal()) return false;
  return a.fiscal_ == b.fiscal_ || *a.fiscal_ == *b.fiscal_;
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
    case PeriodKind::kHalfYear:
      break;
  }
  return {};
}

Period PeriodOf(const Periods& periods, Date day) {
  if (!periods.is_fiscal()) return PeriodOf(periods.kind(), day);
  const std::vector<Period>& fiscal = periods.fiscal();
  const auto later =
      std::upper_bound(fiscal.begin(), fiscal.end(), day, [](Date d, const Period& p) { return d < p.range.start; });
  if (later == fiscal.begin()) return {"", {FirstDayOfAll(), fiscal.empty() ? OpenEnd() : fiscal.front().range.start}};
  const Period& found = *std::prev(later);
  if (found.range.Contains(day)) return found;
  return {"", {found.range.end, OpenEnd()}};
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

absl::StatusOr<Period> ParsePeriod(const Periods& periods, std::string_view id) {
  if (!periods.is_fiscal()) return ParsePeriod(periods.kind(), id);
  for (const Period& period : periods.fiscal()) {
    if (period.id == id) return period;
  }
  return InvalidField("", id,
                      StrCat("a ", NameOf(periods.kind()), " of the fiscal calendar",
                             periods.fiscal().empty() ? "" : ", such as " + periods.fiscal().front().id));
}

bool Divides(PeriodKind inner, PeriodKind outer) { return RankOf(inner) < RankOf(outer); }

bool Divides(const Periods& inner, const Periods& outer) {
  if (!Divides(inner.kind(), outer.kind()) || inner.is_fiscal() != outer.is_fiscal()) return false;
  if (!outer.is_fiscal()) return true;
  return std::all_of(outer.fiscal().begin(), outer.fiscal().end(), [&](const Period& whole) {
    const Period first = PeriodOf(inner, whole.range.start), last = PeriodOf(inner, whole.range.end.AddDays(-1));
    return !first.id.empty() && !last.id.empty() && first.range.start == whole.range.start &&
           last.range.end == whole.range.end;
  });
}

std::string WantedInsteadOf(const Periods& periods, Date day) {
  const Period period = PeriodOf(periods, day);
  if (period.id.empty()) {
    const DateRange days = periods.days();
    return StrCat("the first day of a period that the fiscal calendar has: from ", days.start.ToString(),
                  " and before ", days.end.ToString());
  }
  if (period.range.start == day) return "";
  return StrCat("the first day of a period, such as ", period.range.start.ToString(), " or ",
                period.range.end.ToString());
}

Date EndOfRunning(const Periods& periods, Date day) {
  const Period running = PeriodOf(periods, day);
  return running.id.empty() ? running.range.start : running.range.end;
}

}  // namespace tributary::incentive
