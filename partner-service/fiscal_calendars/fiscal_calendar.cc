#include "partner-service/fiscal_calendars/fiscal_calendar.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/civil_time.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr uint32_t kMondayToFriday = 0b0011111;
constexpr int kDaysOfWeek = 7;

// 0 is Monday; 1970-01-01 was a Thursday.
int WeekdayOf(Date day) { return ((day.days() + 3) % kDaysOfWeek + kDaysOfWeek) % kDaysOfWeek; }

bool Holds(const std::vector<Date>& sorted, Date day) { return std::binary_search(sorted.begin(), sorted.end(), day); }

void SortOnce(std::vector<Date>& days) {
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

std::string Span(const FiscalPeriod& period) {
  return StrCat(period.id, " [", period.days.start.ToString(), ", ", period.days.end.ToString(), ")");
}

absl::CivilDay Civil(Date day) { return absl::CivilDay(day.year(), day.month(), day.day()); }
Date FromCivil(absl::CivilDay day) { return Date::FromDays(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1))); }

std::string Two(int number) { return StrCat(number < 10 ? "0" : "", number); }

}  // namespace

std::string_view NameOf(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kYear:
      return "YEAR";
    case PeriodKind::kHalfYear:
      return "HALF_YEAR";
    case PeriodKind::kQuarter:
      return "QUARTER";
    case PeriodKind::kMonth:
      return "MONTH";
    case PeriodKind::kWeek:
      return "WEEK";
  }
  return "KIND_UNSPECIFIED";
}

bool WorkingDays::Works(Date day) const {
  if (Holds(days_off, day)) return false;
  if (Holds(days_worked, day)) return true;
  return ((weekdays == 0 ? kMondayToFriday : weekdays) >> WeekdayOf(day) & 1) != 0;
}

int WorkingDays::Count(const DateRange& days) const {
  int count = 0;
  for (Date day = days.start; day < days.end; day = day.AddDays(1)) count += Works(day);
  return count;
}

std::string FiscalCalendar::name() const { return StrCat("fiscalCalendars/", id); }

void Sort(FiscalCalendar& calendar) {
  std::stable_sort(calendar.periods.begin(), calendar.periods.end(), [](const FiscalPeriod& a, const FiscalPeriod& b) {
    return std::tie(a.kind, a.days.start) < std::tie(b.kind, b.days.start);
  });
  SortOnce(calendar.working.days_off);
  SortOnce(calendar.working.days_worked);
}

absl::Status CheckPeriods(const FiscalCalendar& calendar) {
  const std::vector<FiscalPeriod>& periods = calendar.periods;
  std::vector<FieldViolation> violations;
  const auto miss = [&](size_t i, std::string_view field, std::string got, std::string want) {
    violations.push_back({StrCat("periods[", i, "]", field), std::move(got), std::move(want)});
  };

  absl::flat_hash_map<std::string, size_t> by_id;
  for (size_t i = 0; i < periods.size(); ++i) {
    const FiscalPeriod& period = periods[i];
    if (period.days.end <= period.days.start) {
      miss(i, ".end", Span(period), StrCat("a day after its start, ", period.days.start.ToString()));
    }
    if (!by_id.emplace(period.id, i).second)
      miss(i, ".id", period.id, "an id that no other period of the calendar has");
    if (i == 0 || periods[i - 1].kind != period.kind) continue;
    const FiscalPeriod& before = periods[i - 1];
    if (period.days.start != before.days.end) {
      miss(i, ".start", Span(period),
           StrCat("to begin on ", before.days.end.ToString(), ", where ", NameOf(period.kind), " ", before.id,
                  " ends (", period.days.start < before.days.end ? "they overlap" : "there is a gap", ")"));
    }
  }
  // What each period is divided into: its parts of one kind, which lie in the order of their days.
  std::map<std::pair<size_t, PeriodKind>, std::vector<size_t>> parts;
  for (size_t i = 0; i < periods.size(); ++i) {
    if (periods[i].parent.empty()) continue;
    const auto parent = by_id.find(periods[i].parent);
    if (parent == by_id.end()) {
      miss(i, ".parent", periods[i].parent, "the id of a period of the calendar");
    } else if (periods[parent->second].kind >= periods[i].kind) {
      miss(i, ".parent", StrCat(periods[i].parent, ", a ", NameOf(periods[parent->second].kind)),
           StrCat("a period of a longer kind than ", NameOf(periods[i].kind)));
    } else {
      parts[{parent->second, periods[i].kind}].push_back(i);
    }
  }
  for (const auto& [whole, of_kind] : parts) {
    const FiscalPeriod& parent = periods[whole.first];
    if (periods[of_kind.front()].days.start != parent.days.start) {
      miss(of_kind.front(), ".start", Span(periods[of_kind.front()]),
           StrCat("to begin with ", Span(parent), ", of which it is the first part"));
    }
    for (size_t k = 1; k < of_kind.size(); ++k) {
      // Where they are neighbors within their kind, the order above has spoken.
      if (of_kind[k] == of_kind[k - 1] + 1) continue;
      miss(of_kind[k], ".start", Span(periods[of_kind[k]]),
           StrCat("to follow ", Span(periods[of_kind[k - 1]]), " as the next part of ", parent.id));
    }
    if (periods[of_kind.back()].days.end != parent.days.end) {
      miss(of_kind.back(), ".end", Span(periods[of_kind.back()]),
           StrCat("to end with ", Span(parent), ", of which it is the last part"));
    }
  }
  for (const Date day : calendar.working.days_worked) {
    if (Holds(calendar.working.days_off, day)) {
      violations.push_back({"days_worked", day.ToString(), "a day that is not among days_off"});
    }
  }
  return AllOf(std::move(violations));
}

absl::StatusOr<std::vector<FiscalPeriod>> LayOut(const FiscalLayout& layout) {
  const bool months = layout.pattern == LayoutPattern::kCalendarMonths;
  const std::set<int> long_years(layout.long_years.begin(), layout.long_years.end());
  std::vector<FieldViolation> violations;
  if (months && layout.first_day.day() > 28) {
    violations.push_back({"first_day", layout.first_day.ToString(), "a day that every month has: the 1st to the 28th"});
  }
  for (const int year : long_years) {
    if (!months && year >= layout.first_year && year < layout.first_year + layout.years) continue;
    violations.push_back({"long_years", StrCat(year),
                          months ? std::string("none, since CALENDAR_MONTHS has no weeks")
                                 : StrCat(layout.first_year, " to ", layout.first_year + layout.years - 1)});
  }
  if (layout.first_day.year() + layout.years >= OpenEnd().year()) {
    violations.push_back({"years", StrCat(layout.years), StrCat("years that end before ", OpenEnd().ToString())});
  }
  RETURN_IF_ERROR(AllOf(std::move(violations)));

  const int split[4][3] = {{}, {4, 4, 5}, {4, 5, 4}, {5, 4, 4}};
  const int* weeks_of = split[static_cast<int>(layout.pattern) - 1];
  std::vector<FiscalPeriod> periods;
  Date day = layout.first_day;
  for (int year = layout.first_year; year < layout.first_year + layout.years; ++year) {
    const std::string y = StrCat(year);
    const Date first_of_year = day;
    int week = 0;
    for (int quarter = 1; quarter <= 4; ++quarter) {
      const std::string q = StrCat(y, "Q", quarter);
      const Date first_of_quarter = day;
      for (int i = 0; i < 3; ++i) {
        const int month = (quarter - 1) * 3 + i + 1;
        const std::string m = StrCat(y, "M", Two(month));
        const Date first_of_month = day;
        if (months) {
          const absl::CivilDay from = Civil(day);
          day = FromCivil(absl::CivilDay(absl::CivilMonth(from) + 1) + (from.day() - 1));
        } else {
          const int weeks = weeks_of[i] + (month == 12 && long_years.contains(year) ? 1 : 0);
          for (int w = 0; w < weeks; ++w, day = day.AddDays(kDaysOfWeek)) {
            periods.push_back({StrCat(y, "W", Two(++week)), PeriodKind::kWeek, m, {day, day.AddDays(kDaysOfWeek)}});
          }
        }
        periods.push_back({m, PeriodKind::kMonth, q, {first_of_month, day}});
      }
      periods.push_back({q, PeriodKind::kQuarter, y, {first_of_quarter, day}});
    }
    periods.push_back({y, PeriodKind::kYear, "", {first_of_year, day}});
  }
  return periods;
}

std::vector<FiscalPeriod> PeriodsOf(const FiscalCalendar& calendar, Date day) {
  std::vector<FiscalPeriod> holding;
  for (const FiscalPeriod& period : calendar.periods) {
    if (period.days.Contains(day)) holding.push_back(period);
  }
  return holding;
}

Date TodayOf(const FiscalCalendar& calendar, absl::Time now) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(Abseil(calendar.time_zone), &zone);
  return FromCivil(absl::ToCivilDay(now, zone));
}

absl::Time StartOf(const FiscalCalendar& calendar, Date day) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(Abseil(calendar.time_zone), &zone);
  return absl::FromCivil(absl::CivilDay(1970, 1, 1) + day.days(), zone);
}

absl::Time NextDayOf(const FiscalCalendar& calendar, absl::Time now) {
  return StartOf(calendar, TodayOf(calendar, now).AddDays(1));
}

absl::StatusOr<FiscalCalendar> Change(const FiscalCalendar& calendar, const FiscalCalendar& changed, Date today,
                                      absl::Time now) {
  FiscalCalendar next = calendar;
  next.display_name = changed.display_name;
  next.periods = changed.periods;
  next.working = changed.working;
  next.revision = calendar.revision.Next(now);
  Sort(next);
  for (const FiscalPeriod& period : calendar.periods) {
    if (today < period.days.start) continue;
    if (std::find(next.periods.begin(), next.periods.end(), period) != next.periods.end()) continue;
    const std::string want = StrCat(NameOf(period.kind), " ", Span(period), " as it is, with parent '", period.parent,
                                    "': it has begun by ", today.ToString());
    ErrorDetail detail{.reason = Reason::kInUse, .preconditions = {StrCat(calendar.name(), ": ", want)}};
    return WithDetail(InfoOf(detail.reason).code, StrCat("periods: got a change of ", period.id, ", want ", want),
                      detail);
  }
  RETURN_IF_ERROR(CheckPeriods(next));
  return next;
}

}  // namespace tributary::partner
