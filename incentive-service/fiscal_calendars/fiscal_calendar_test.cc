#include "incentive-service/fiscal_calendars/fiscal_calendar.h"

#include "common/status/status_matchers.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/closes/period_close.h"
#include "incentive-service/testing_fiscal.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date CalendarDay(std::string_view text) { return *Date::Parse(text); }

// Under the calendar, without its periods.
Program Under(PeriodKind period, std::optional<PeriodKind> payout = std::nullopt) {
  Program program;
  program.id = "fiscal";
  program.version = 3;
  program.state = ProgramState::kActive;
  program.terms = {{Shape::kRetroactive, Bound::kFrom, {{Decimal(), *Decimal::Parse("0.01")}}}, "USD"};
  program.fiscal_calendar = "w";
  program.period = period;
  if (payout.has_value()) program.payout_period = *payout;
  program.effective = {CalendarDay("2024-12-29"), OpenEnd()};
  return program;
}

// With the periods of those years.
Program With(Program program, int years = 1) {
  EXPECT_THAT(UseCalendar(Weeks445("w", years), "program", &program), IsEmpty());
  return program;
}

std::vector<std::string> BlamedOf(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(FiscalCalendarTest, GivesAProgramThePeriodsOfItsKinds) {
  const Program program = With(Under(PeriodKind::kYear, PeriodKind::kQuarter));
  EXPECT_EQ(program.period.fiscal().size(), 1u);
  EXPECT_EQ(program.paid().fiscal().size(), 4u);
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), IsEmpty());
  EXPECT_EQ(program.LastPayoutOf(program.period.fiscal()[0]).id, "2025Q4");

  Program halves = Under(PeriodKind::kYear, PeriodKind::kHalfYear);
  EXPECT_THAT(BlamedOf(UseCalendar(Weeks445("w", 1), "program", &halves)), ElementsAre("program.payout_period"));
  FiscalCalendar odd = Weeks445("w", 1);
  Program months = Under(PeriodKind::kMonth);
  for (const char* id : {"2025.03", "2025/03", "the-third-of-2025"}) {
    odd.periods[PeriodKind::kMonth][2].id = id;
    EXPECT_THAT(BlamedOf(UseCalendar(odd, "program", &months)), ElementsAre("program.fiscal_calendar")) << id;
  }
}

TEST(FiscalCalendarTest, TermsGoWithItsDays) {
  Program program = With(Under(PeriodKind::kMonth));
  program.effective = {CalendarDay("2025-02-23"), CalendarDay("2025-12-28")};
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), IsEmpty());
  program.effective = {CalendarDay("2025-03-01"), CalendarDay("2026-01-25")};
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), ElementsAre("program.effective_from", "program.effective_to"));
  program = With(Under(PeriodKind::kMonth, PeriodKind::kQuarter));
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), ElementsAre("program.payout_period"));
}

// Which is measured against the month before, not against that of a year ago.
TEST(FiscalCalendarTest, GrowthIsMeasuredAgainstThePeriodBefore) {
  Program program = With(Under(PeriodKind::kMonth), 2);
  program.terms.scale.measure = Measure::kGrowth;
  program.growth = GrowthTerms{.reference = GrowthReference::kPreviousPeriod};
  program.effective.start = CalendarDay("2025-01-26");
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), IsEmpty());
  EXPECT_EQ(ReferenceOf(program, *ParsePeriod(program.period, "2025M04"))->id, "2025M03");
  ASSERT_EQ(MeasuredAgainst(program, CalendarDay("2025-03-29")).size(), 1u);
  EXPECT_EQ(MeasuredAgainst(program, CalendarDay("2025-03-29"))[0].id, "2025M04");
  EXPECT_THAT(MeasuredAgainst(program, CalendarDay("2026-12-26")), IsEmpty());  // the last that is known
  EXPECT_THAT(MeasuredAgainst(program, CalendarDay("2030-01-01")), IsEmpty());
  program.effective.start = CalendarDay("2024-12-29");
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), ElementsAre("program.effective_from"));
  program.growth->reference = GrowthReference::kYearBefore;
  EXPECT_THAT(BlamedOf(CheckTerms(program, "program")), ElementsAre("program.growth.reference"));
  // A year of 53 weeks ends more than 366 days after it began.
  Program years = With(Under(PeriodKind::kYear), 2);
  std::vector<Period> long_year = years.period.fiscal();
  long_year[0].range.end = long_year[1].range.start = CalendarDay("2026-01-04");
  years.period = Periods(PeriodKind::kYear, long_year);
  years.growth = program.growth;
  years.growth->reference = GrowthReference::kPreviousPeriod;
  ASSERT_EQ(MeasuredAgainst(years, CalendarDay("2026-01-03")).size(), 1u);
}

TEST(FiscalCalendarTest, WhatItDoesNotReachDoesNotCountYet) {
  const Program program = With(Under(PeriodKind::kMonth));
  EXPECT_TRUE(program.HasDay(CalendarDay("2025-12-27")));
  EXPECT_FALSE(program.HasDay(CalendarDay("2025-12-28")));
  FactLine line;
  line.partner = "p1";
  line.currency = "USD";
  line.order_basis = CalendarDay("2025-12-27");
  EXPECT_EQ(WhyAbsent(program, line, nullptr), std::nullopt);
  line.order_basis = CalendarDay("2025-12-28");
  EXPECT_EQ(WhyAbsent(program, line, nullptr), AbsenceReason::kOutsideEffectiveDates);
  EXPECT_THAT(RunningOn(program, CalendarDay("2025-12-28")), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(const Period running, RunningOn(program, CalendarDay("2025-12-27")));
  EXPECT_EQ(running.id, "2025M12");
}

TEST(FiscalCalendarTest, EndsWithThePeriodOrWithTheCalendar) {
  const auto ends = [](std::string_view today) {
    const auto ended = End(With(Under(PeriodKind::kMonth)),
                           absl::UnixEpoch() + absl::Hours(24) * CalendarDay(today).days() + absl::Hours(12));
    return ended.ok() ? ended->effective.end.ToString() : ended.status().ToString();
  };
  EXPECT_EQ(ends("2025-03-01"), "2025-03-30");
  EXPECT_EQ(ends("2026-03-01"), "2025-12-28");
}

// Later years come behind; what is there stays, whatever the calendar makes of it.
TEST(FiscalCalendarTest, IsExtendedByLaterPeriods) {
  const Program program = With(Under(PeriodKind::kQuarter, PeriodKind::kMonth));
  const absl::Time now = absl::UnixEpoch() + absl::Hours(1);
  EXPECT_EQ(Extend(program, Weeks445("w", 1), now), std::nullopt);
  EXPECT_EQ(Extend(program, Weeks445("other", 2), now), std::nullopt);
  const std::optional<Program> extended = Extend(program, WithMonthMoved(Weeks445("w", 2)), now);
  ASSERT_TRUE(extended.has_value());
  EXPECT_EQ(extended->version, 4);
  EXPECT_EQ(extended->update_time, now);
  EXPECT_EQ(extended->period, With(Under(PeriodKind::kQuarter), 2).period);
  EXPECT_EQ(extended->paid(), With(Under(PeriodKind::kMonth), 2).period);
  // Where the months of the new year are not known yet, or join on to nothing that is here, it waits.
  FiscalCalendar quarters = Weeks445("w", 2);
  quarters.periods[PeriodKind::kMonth] = Weeks445("w", 1).periods[PeriodKind::kMonth];
  EXPECT_EQ(Extend(program, quarters, now), std::nullopt);
  FiscalCalendar apart = Weeks445("w", 2);
  for (auto& [kind, periods] : apart.periods) {
    for (Period& period : periods) period.range = {period.range.start.AddDays(7), period.range.end.AddDays(7)};
  }
  EXPECT_EQ(Extend(program, apart, now), std::nullopt);
}

TEST(FiscalCalendarTest, AProgramSeesItsOwnPeriodsInIt) {
  const Program program = With(Under(PeriodKind::kMonth));
  const FiscalCalendar moved = WithMonthMoved(Weeks445("w", 1));
  EXPECT_EQ(WithPeriodsOf(program, moved), Weeks445("w", 1));
  EXPECT_EQ(WithPeriodsOf(program, WithMonthMoved(Weeks445("other", 1))).periods, moved.periods);
}

}  // namespace
}  // namespace tributary::incentive
