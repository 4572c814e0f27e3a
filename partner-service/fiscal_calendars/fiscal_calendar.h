#pragma once

// Fiscal calendars: what periods there are, and which days are worked. Pure values and decisions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// From the longest to the shortest. The numbers are stored, and those of the wire.
enum class PeriodKind { kYear = 1, kHalfYear = 2, kQuarter = 3, kMonth = 4, kWeek = 5 };
std::string_view NameOf(PeriodKind kind);

struct FiscalPeriod {
  std::string id;  // unique in its calendar
  PeriodKind kind = PeriodKind::kYear;
  std::string parent;  // id of the period that it is a part of, or empty
  DateRange days;
  friend bool operator==(const FiscalPeriod&, const FiscalPeriod&) = default;
};

// Which days are worked.
struct WorkingDays {
  uint32_t weekdays = 0;          // bit 0 is Monday; 0 stands for Monday to Friday
  std::vector<Date> days_off;     // ascending, each once
  std::vector<Date> days_worked;  // ascending, each once, none of them among days_off
  bool Works(Date day) const;
  // Of the days of the range.
  int Count(const DateRange& days) const;
};

struct FiscalCalendar {
  std::string id;
  Revision revision;
  std::string display_name;
  std::string time_zone;              // IANA
  std::vector<FiscalPeriod> periods;  // by kind, then start (Sort)
  WorkingDays working;

  std::string name() const;  // fiscalCalendars/{id}
};

// Puts periods and days into their order.
void Sort(FiscalCalendar& calendar);

// Of a sorted calendar. All that is wrong, at its first period by that order (INVALID_FIELD):
//   periods[i]  its end does not lie after its start; its id is another's; within its kind it leaves a gap or overlaps;
//               its parent is not there or not of a longer kind; the parts of its parent do not fill it exactly
//   days_worked a day that is also among days_off
// `i` is the place in the order of `calendar.periods`.
absl::Status CheckPeriods(const FiscalCalendar& calendar);

// How years are divided.
enum class LayoutPattern { kCalendarMonths = 1, kWeeks445 = 2, kWeeks454 = 3, kWeeks544 = 4 };
struct FiscalLayout {
  LayoutPattern pattern = LayoutPattern::kCalendarMonths;
  Date first_day;
  int first_year = 0;
  int years = 0;
  std::vector<int> long_years;  // of 53 weeks
};

// The periods of a layout: 2026, 2026Q1, 2026M01, 2026W01. Refused (INVALID_FIELD): first_day after the 28th of a month
// with calendar months; long_years with them, or that are none of its years; days after 9999.
absl::StatusOr<std::vector<FiscalPeriod>> LayOut(const FiscalLayout& layout);

// The periods that hold the day, the longest first; at most one of a kind.
std::vector<FiscalPeriod> PeriodsOf(const FiscalCalendar& calendar, Date day);

// The day that it is for the calendar.
Date TodayOf(const FiscalCalendar& calendar, absl::Time now);
// When a day begins for it, and when its next day does.
absl::Time StartOf(const FiscalCalendar& calendar, Date day);
absl::Time NextDayOf(const FiscalCalendar& calendar, absl::Time now);

// The content of `changed` for that of `calendar`, sorted. Refused: a period that has begun by `today` would change or
// go (IN_USE, the first such); CheckPeriods.
absl::StatusOr<FiscalCalendar> Change(const FiscalCalendar& calendar, const FiscalCalendar& changed, Date today,
                                      absl::Time now);

}  // namespace tributary::partner
