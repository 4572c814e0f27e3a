#include "incentive-service/programs/period.h"

#include "common/status/status_matchers.h"
#include "incentive-service/testing_fiscal.h"

namespace tributary::incentive {
namespace {

Date FiscalDay(std::string_view text) { return *Date::Parse(text); }

Periods FiscalOf(PeriodKind kind, int years = 2) { return Periods(kind, Weeks445("w", years).periods.at(kind)); }

// "2025M03 [2025-02-23, 2025-03-30)".
std::string PeriodText(const Period& period) {
  return StrCat(period.id, " [", period.range.start.ToString(), ", ", period.range.end.ToString(), ")");
}

TEST(FiscalPeriodsTest, HoldTheDaysOfTheCalendar) {
  const struct {
    PeriodKind kind;
    const char* day;
    const char* period;
  } kCases[] = {
      {PeriodKind::kMonth, "2025-02-22", "2025M02 [2025-01-26, 2025-02-23)"},
      {PeriodKind::kMonth, "2025-02-23", "2025M03 [2025-02-23, 2025-03-30)"},  // five weeks
      {PeriodKind::kMonth, "2025-03-29", "2025M03 [2025-02-23, 2025-03-30)"},
      {PeriodKind::kMonth, "2025-03-30", "2025M04 [2025-03-30, 2025-04-27)"},
      {PeriodKind::kQuarter, "2025-03-29", "2025Q1 [2024-12-29, 2025-03-30)"},
      {PeriodKind::kYear, "2025-12-27", "2025 [2024-12-29, 2025-12-28)"},
      {PeriodKind::kYear, "2025-12-28", "2026 [2025-12-28, 2026-12-27)"},
      // What it does not reach.
      {PeriodKind::kYear, "2024-12-28", " [1900-01-01, 2024-12-29)"},
      {PeriodKind::kYear, "2026-12-27", " [2026-12-27, 9999-12-31)"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(PeriodText(PeriodOf(FiscalOf(c.kind), FiscalDay(c.day))), c.period) << c.day;
  }
  const Periods none(PeriodKind::kYear, {});
  EXPECT_EQ(PeriodText(PeriodOf(none, FiscalDay("2025-01-01"))), " [1900-01-01, 9999-12-31)");
  EXPECT_EQ(FiscalOf(PeriodKind::kQuarter).days(), (DateRange{FiscalDay("2024-12-29"), FiscalDay("2026-12-27")}));
}

// Each day is of one period, and neighbors meet.
TEST(FiscalPeriodsTest, TileTheDays) {
  for (const PeriodKind kind : {PeriodKind::kMonth, PeriodKind::kQuarter, PeriodKind::kYear}) {
    const Periods periods = FiscalOf(kind);
    for (Date day = FiscalDay("2024-12-01"); day < FiscalDay("2027-02-01"); day = day.AddDays(1)) {
      const Period period = PeriodOf(periods, day);
      ASSERT_TRUE(period.range.Contains(day)) << day.ToString();
      EXPECT_EQ(PeriodOf(periods, period.range.start), period);
      EXPECT_EQ(period.id.empty(), !periods.days().Contains(day));
    }
  }
}

TEST(FiscalPeriodsTest, AreNamedAsTheCalendarNamesThem) {
  const Periods months = FiscalOf(PeriodKind::kMonth);
  ASSERT_OK_AND_ASSIGN(const Period march, ParsePeriod(months, "2025M03"));
  EXPECT_EQ(PeriodText(march), "2025M03 [2025-02-23, 2025-03-30)");
  for (const char* id : {"", "2025-03", "2025Q1", "2027M01"}) {
    EXPECT_THAT(ParsePeriod(months, id), HasReason(Reason::kInvalidField)) << id;
  }
}

TEST(FiscalPeriodsTest, DivideOneAnotherWhereTheirDaysDo) {
  const Periods months = FiscalOf(PeriodKind::kMonth), quarters = FiscalOf(PeriodKind::kQuarter);
  const Periods years = FiscalOf(PeriodKind::kYear);
  EXPECT_TRUE(Divides(months, quarters));
  EXPECT_TRUE(Divides(quarters, years));
  EXPECT_TRUE(Divides(months, FiscalOf(PeriodKind::kYear, 1)));
  EXPECT_FALSE(Divides(years, quarters));
  EXPECT_FALSE(Divides(months, months));
  EXPECT_FALSE(Divides(PeriodKind::kMonth, quarters));
  // Months that are known of the first year alone, and a month that crosses the end of the quarter.
  EXPECT_FALSE(Divides(FiscalOf(PeriodKind::kMonth, 1), quarters));
  std::vector<Period> crossing = months.fiscal();
  crossing[2].range.end = crossing[3].range.start = FiscalDay("2025-04-06");
  EXPECT_FALSE(Divides(Periods(PeriodKind::kMonth, crossing), quarters));
}

TEST(FiscalPeriodsTest, SayWhatIsWantedInsteadOfADay) {
  const Periods months = FiscalOf(PeriodKind::kMonth);
  EXPECT_EQ(WantedInsteadOf(months, FiscalDay("2025-02-23")), "");
  EXPECT_EQ(WantedInsteadOf(months, FiscalDay("2025-03-01")),
            "the first day of a period, such as 2025-02-23 or 2025-03-30");
  EXPECT_EQ(WantedInsteadOf(months, FiscalDay("2026-12-27")),
            "the first day of a period that the fiscal calendar has: from 2024-12-29 and before 2026-12-27");
  EXPECT_EQ(WantedInsteadOf(PeriodKind::kMonth, FiscalDay("2025-03-01")), "");
  EXPECT_EQ(EndOfRunning(months, FiscalDay("2025-03-01")), FiscalDay("2025-03-30"));
  EXPECT_EQ(EndOfRunning(months, FiscalDay("2027-03-01")), FiscalDay("2026-12-27"));
  EXPECT_EQ(EndOfRunning(PeriodKind::kMonth, FiscalDay("2025-03-01")), FiscalDay("2025-04-01"));
}

TEST(FiscalPeriodsTest, AreTheSameByTheirDays) {
  EXPECT_EQ(FiscalOf(PeriodKind::kMonth), FiscalOf(PeriodKind::kMonth));
  EXPECT_FALSE(FiscalOf(PeriodKind::kMonth) == FiscalOf(PeriodKind::kMonth, 1));
  EXPECT_FALSE(FiscalOf(PeriodKind::kYear) == Periods(PeriodKind::kYear));
  EXPECT_EQ(Periods(PeriodKind::kYear), Periods(PeriodKind::kYear));
}

}  // namespace
}  // namespace tributary::incentive
