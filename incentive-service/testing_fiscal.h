#pragma once

// For tests: a fiscal calendar of weeks.

#include <string>
#include <utility>

#include "common/text/text.h"
#include "common/time/date.h"
#include "incentive-service/fiscal_calendars/fiscal_calendar.h"

namespace tributary::incentive {

// Years of 4, 4 and 5 weeks from Sunday 2024-12-29 on: 2025 is [2024-12-29, 2025-12-28), 2025Q1 ends before 2025-03-30,
// 2025M03 is [2025-02-23, 2025-03-30).
inline FiscalCalendar Weeks445(std::string id, int years) {
  FiscalCalendar calendar{.id = std::move(id), .periods = {}};
  Date day = *Date::Parse("2024-12-29");
  for (int year = 2025; year < 2025 + years; ++year) {
    const Date first_of_year = day;
    for (int quarter = 1; quarter <= 4; ++quarter) {
      const Date first_of_quarter = day;
      for (int month = quarter * 3 - 2; month <= quarter * 3; ++month) {
        const Date first = day;
        day = day.AddDays(month % 3 == 0 ? 35 : 28);
        calendar.periods[PeriodKind::kMonth].push_back({StrCat(year, month < 10 ? "M0" : "M", month), {first, day}});
      }
      calendar.periods[PeriodKind::kQuarter].push_back({StrCat(year, "Q", quarter), {first_of_quarter, day}});
    }
    calendar.periods[PeriodKind::kYear].push_back({StrCat(year), {first_of_year, day}});
  }
  return calendar;
}

// The first day of its month 2025M03 a week later: that has four weeks, the one before it five.
inline FiscalCalendar WithMonthMoved(FiscalCalendar calendar) {
  std::vector<Period>& months = calendar.periods[PeriodKind::kMonth];
  months[1].range.end = months[2].range.start = months[2].range.start.AddDays(7);
  return calendar;
}

}  // namespace tributary::incentive
