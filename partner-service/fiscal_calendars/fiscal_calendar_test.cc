#include "partner-service/fiscal_calendars/fiscal_calendar.h"

#include <algorithm>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FiscalPeriod Period(std::string id, PeriodKind kind, std::string parent, const char* start, const char* end) {
  return {std::move(id), kind, std::move(parent), {Day(start), Day(end)}};
}

FiscalCalendar Of(std::vector<FiscalPeriod> periods) {
  FiscalCalendar calendar{.id = "c",
                          .revision = Revision::First(kNow),
                          .display_name = "C",
                          .time_zone = "Asia/Shanghai",
                          .periods = std::move(periods)};
  Sort(calendar);
  return calendar;
}

FiscalCalendar LaidOut(LayoutPattern pattern, const char* first_day, int years = 1, std::vector<int> long_years = {}) {
  return Of(*LayOut({pattern, Day(first_day), 2026, years, std::move(long_years)}));
}

const FiscalPeriod& At(const FiscalCalendar& calendar, std::string_view id) {
  return *std::find_if(calendar.periods.begin(), calendar.periods.end(),
                       [&](const FiscalPeriod& period) { return period.id == id; });
}

std::vector<std::string> IdsOf(const FiscalCalendar& calendar, const char* day) {
  std::vector<std::string> ids;
  for (const FiscalPeriod& period : PeriodsOf(calendar, Day(day))) ids.push_back(period.id);
  return ids;
}

TEST(FiscalCalendarTest, WhatIsWrongIsSaidWithThePeriod) {
  const auto year = [] { return Period("y", PeriodKind::kYear, "", "2026-01-01", "2027-01-01"); };
  const struct {
    const char* what;
    std::vector<FiscalPeriod> periods;
    const char* blamed;  // null: good
    const char* says = "";
  } kCases[] = {
      {"none at all", {}, nullptr},
      {"two halves",
       {year(), Period("h1", PeriodKind::kHalfYear, "y", "2026-01-01", "2026-07-01"),
        Period("h2", PeriodKind::kHalfYear, "y", "2026-07-01", "2027-01-01")},
       nullptr},
      {"quarters and months of one year, each filling it",
       {year(), Period("h1", PeriodKind::kHalfYear, "y", "2026-01-01", "2026-07-01"),
        Period("h2", PeriodKind::kHalfYear, "y", "2026-07-01", "2027-01-01"),
        Period("w", PeriodKind::kWeek, "y", "2026-01-01", "2027-01-01")},
       nullptr},
      {"ends as it begins", {Period("q", PeriodKind::kQuarter, "", "2026-01-01", "2026-01-01")}, "periods[0].end"},
      {"an id twice",
       {Period("q", PeriodKind::kQuarter, "", "2026-01-01", "2026-04-01"),
        Period("q", PeriodKind::kQuarter, "", "2026-04-01", "2026-07-01")},
       "periods[1].id"},
      {"a gap",
       {Period("q1", PeriodKind::kQuarter, "", "2026-01-01", "2026-04-01"),
        Period("q2", PeriodKind::kQuarter, "", "2026-04-02", "2026-07-01")},
       "periods[1].start",
       "gap"},
      {"an overlap",
       {Period("q1", PeriodKind::kQuarter, "", "2026-01-01", "2026-04-01"),
        Period("q2", PeriodKind::kQuarter, "", "2026-03-31", "2026-07-01")},
       "periods[1].start",
       "overlap"},
      {"kinds have gaps of their own",
       {year(), Period("q", PeriodKind::kQuarter, "", "2030-01-01", "2030-04-01")},
       nullptr},
      {"an unknown parent", {Period("q", PeriodKind::kQuarter, "y", "2026-01-01", "2026-04-01")}, "periods[0].parent"},
      {"a parent of its own kind",
       {Period("q1", PeriodKind::kQuarter, "q2", "2026-01-01", "2026-04-01"),
        Period("q2", PeriodKind::kQuarter, "", "2026-04-01", "2026-07-01")},
       "periods[0].parent"},
      {"a parent of a shorter kind",
       {Period("y", PeriodKind::kYear, "q", "2026-01-01", "2027-01-01"),
        Period("q", PeriodKind::kQuarter, "", "2026-01-01", "2027-01-01")},
       "periods[0].parent"},
      {"the first part begins late",
       {year(), Period("h", PeriodKind::kHalfYear, "y", "2026-01-02", "2027-01-01")},
       "periods[1].start"},
      {"the last part ends early",
       {year(), Period("h", PeriodKind::kHalfYear, "y", "2026-01-01", "2026-12-31")},
       "periods[1].end"},
      {"a part that is another's leaves a hole",
       {year(), Period("q1", PeriodKind::kQuarter, "y", "2026-01-01", "2026-04-01"),
        Period("q2", PeriodKind::kQuarter, "", "2026-04-01", "2026-07-01"),
        Period("q3", PeriodKind::kQuarter, "y", "2026-07-01", "2027-01-01")},
       "periods[3].start"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const absl::Status status = CheckPeriods(Of(c.periods));
    if (c.blamed == nullptr) {
      EXPECT_OK(status);
    } else {
      EXPECT_THAT(status, Blames(c.blamed));
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.says));
    }
  }
}

TEST(FiscalCalendarTest, CalendarMonthsTile) {
  const FiscalCalendar calendar = LaidOut(LayoutPattern::kCalendarMonths, "2026-01-01", 3);
  EXPECT_OK(CheckPeriods(calendar));
  EXPECT_EQ(calendar.periods.size(), 3u * (1 + 4 + 12));
  EXPECT_EQ(At(calendar, "2026M02"), Period("2026M02", PeriodKind::kMonth, "2026Q1", "2026-02-01", "2026-03-01"));
  EXPECT_EQ(At(calendar, "2028M02").days, (DateRange{Day("2028-02-01"), Day("2028-03-01")}));
  EXPECT_EQ(At(calendar, "2027Q4"), Period("2027Q4", PeriodKind::kQuarter, "2027", "2027-10-01", "2028-01-01"));
  // A year that begins in April, on the 6th.
  const FiscalCalendar april = LaidOut(LayoutPattern::kCalendarMonths, "2026-04-06");
  EXPECT_OK(CheckPeriods(april));
  EXPECT_EQ(At(april, "2026M11").days, (DateRange{Day("2027-02-06"), Day("2027-03-06")}));
  EXPECT_EQ(At(april, "2026").days, (DateRange{Day("2026-04-06"), Day("2027-04-06")}));
}

TEST(FiscalCalendarTest, WeeksTile) {
  const struct {
    LayoutPattern pattern;
    int weeks[3];
  } kCases[] = {{LayoutPattern::kWeeks445, {4, 4, 5}},
                {LayoutPattern::kWeeks454, {4, 5, 4}},
                {LayoutPattern::kWeeks544, {5, 4, 4}}};
  for (const auto& c : kCases) {
    const FiscalCalendar calendar = LaidOut(c.pattern, "2026-02-01", 2, {2026});
    EXPECT_OK(CheckPeriods(calendar));
    EXPECT_EQ(calendar.periods.size(), 2u * (1 + 4 + 12) + 53 + 52);
    const auto weeks = [&](std::string_view id) {
      const DateRange& days = At(calendar, id).days;
      return (days.end.days() - days.start.days()) / 7.0;
    };
    EXPECT_EQ(weeks("2026M04"), c.weeks[0]);
    EXPECT_EQ(weeks("2026M05"), c.weeks[1]);
    EXPECT_EQ(weeks("2026M06"), c.weeks[2]);
    EXPECT_EQ(weeks("2026Q3"), 13);
    EXPECT_EQ(weeks("2026M12"), c.weeks[2] + 1);
    EXPECT_EQ(weeks("2026Q4"), 14);
    EXPECT_EQ(weeks("2026"), 53);
    EXPECT_EQ(weeks("2027"), 52);
    EXPECT_EQ(At(calendar, "2026W53").parent, "2026M12");
    EXPECT_EQ(At(calendar, "2027").days.start, Day("2027-02-07"));
  }
}

TEST(FiscalCalendarTest, ALayoutThatCannotBeIsRefused) {
  EXPECT_THAT(LayOut({LayoutPattern::kCalendarMonths, Day("2026-01-29"), 2026, 1, {}}), Blames("first_day"));
  EXPECT_OK(LayOut({LayoutPattern::kWeeks445, Day("2026-01-29"), 2026, 1, {}}));
  EXPECT_THAT(LayOut({LayoutPattern::kCalendarMonths, Day("2026-01-01"), 2026, 1, {2026}}), Blames("long_years"));
  EXPECT_THAT(LayOut({LayoutPattern::kWeeks445, Day("2026-01-01"), 2026, 2, {2028}}), Blames("long_years"));
  EXPECT_THAT(LayOut({LayoutPattern::kWeeks445, Day("9990-01-01"), 2026, 9, {}}), Blames("years"));
}

TEST(FiscalCalendarTest, ADayIsHeldByOnePeriodOfEachKind) {
  const FiscalCalendar calendar = LaidOut(LayoutPattern::kWeeks445, "2026-02-01");
  EXPECT_THAT(IdsOf(calendar, "2026-02-01"), ElementsAre("2026", "2026Q1", "2026M01", "2026W01"));
  EXPECT_THAT(IdsOf(calendar, "2026-05-02"), ElementsAre("2026", "2026Q1", "2026M03", "2026W13"));
  EXPECT_THAT(IdsOf(calendar, "2026-05-03"), ElementsAre("2026", "2026Q2", "2026M04", "2026W14"));
  EXPECT_THAT(IdsOf(calendar, "2027-01-30"), ElementsAre("2026", "2026Q4", "2026M12", "2026W52"));
  EXPECT_THAT(IdsOf(calendar, "2026-01-31"), IsEmpty());
  EXPECT_THAT(IdsOf(calendar, "2027-01-31"), IsEmpty());
  // Every day of the year is in exactly one of each kind.
  for (Date day = Day("2026-02-01"); day < Day("2027-01-31"); day = day.AddDays(1)) {
    EXPECT_EQ(PeriodsOf(calendar, day).size(), 4u) << day.ToString();
  }
}

TEST(FiscalCalendarTest, WorkedDaysAreThoseOfTheWeekButForWhatIsSaid) {
  FiscalCalendar calendar = LaidOut(LayoutPattern::kCalendarMonths, "2026-01-01");
  // 2026-10-01 is a Thursday; the week is a holiday, and Saturday the 10th is worked for it.
  EXPECT_EQ(calendar.working.Count(At(calendar, "2026M10").days), 22);
  EXPECT_TRUE(calendar.working.Works(Day("2026-10-01")));
  EXPECT_FALSE(calendar.working.Works(Day("2026-10-10")));
  for (const char* day : {"2026-10-07", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-01"}) {
    calendar.working.days_off.push_back(Day(day));
  }
  calendar.working.days_worked.push_back(Day("2026-10-10"));
  Sort(calendar);
  EXPECT_EQ(calendar.working.days_off.size(), 5u);
  EXPECT_EQ(calendar.working.Count(At(calendar, "2026M10").days), 22 - 5 + 1);
  EXPECT_OK(CheckPeriods(calendar));
  // Saturday to Wednesday.
  calendar.working.weekdays = 0b1100111;
  EXPECT_TRUE(calendar.working.Works(Day("2026-11-07")));
  EXPECT_FALSE(calendar.working.Works(Day("2026-11-05")));
  // Also before 1970.
  EXPECT_TRUE(calendar.working.Works(Day("1969-12-29")));   // a Monday
  EXPECT_FALSE(calendar.working.Works(Day("1969-12-25")));  // a Thursday
  calendar.working.days_worked.push_back(Day("2026-10-07"));
  Sort(calendar);
  EXPECT_THAT(CheckPeriods(calendar), Blames("days_worked"));
}

TEST(FiscalCalendarTest, APeriodThatHasBegunStays) {
  const FiscalCalendar calendar = LaidOut(LayoutPattern::kCalendarMonths, "2026-01-01");
  const Date today = Day("2026-05-01");
  const auto change = [&](auto edit) {
    FiscalCalendar changed = calendar;
    edit(changed);
    return Change(calendar, changed, today, kNow + absl::Seconds(1));
  };
  // What lies ahead may be laid out anew, what is there grows.
  const auto shorter = change([](FiscalCalendar& c) {
    std::erase_if(c.periods,
                  [](const FiscalPeriod& p) { return p.id == "2026M12" || p.id == "2026M11" || p.id == "2026M10"; });
  });
  ASSERT_OK(shorter);
  EXPECT_EQ(shorter->revision.version, 2);
  EXPECT_OK(change([](FiscalCalendar& c) {
    const auto more = LayOut({LayoutPattern::kCalendarMonths, Day("2027-01-01"), 2027, 1, {}});
    c.periods.insert(c.periods.begin(), more->begin(), more->end());
  }));
  EXPECT_OK(change([](FiscalCalendar& c) { c.display_name = "D"; }));
  // May begins today; the year and the second quarter are under way.
  EXPECT_THAT(change([](FiscalCalendar& c) { c.periods.clear(); }), HasReason(Reason::kInUse));
  for (const char* id : {"2026", "2026Q2", "2026M05", "2026M01"}) {
    EXPECT_THAT(
        change([&](FiscalCalendar& c) { std::erase_if(c.periods, [&](const FiscalPeriod& p) { return p.id == id; }); }),
        HasReason(Reason::kInUse))
        << id;
  }
  // June has not begun, but without it there is a gap.
  EXPECT_THAT(change([](FiscalCalendar& c) {
                std::erase_if(c.periods, [](const FiscalPeriod& p) { return p.id == "2026M06"; });
              }),
              HasReason(Reason::kInvalidField));
}

TEST(FiscalCalendarTest, TodayIsThatOfItsZone) {
  FiscalCalendar calendar = Of({});
  const absl::Time evening = absl::FromCivil(absl::CivilSecond(2026, 3, 31, 17, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(TodayOf(calendar, evening), Day("2026-04-01"));
  calendar.time_zone = "America/New_York";
  EXPECT_EQ(TodayOf(calendar, evening), Day("2026-03-31"));
}

}  // namespace
}  // namespace tributary::partner
