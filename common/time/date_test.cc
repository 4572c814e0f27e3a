#include "common/time/date.h"

#include "common/status/status_matchers.h"
#include "common/time/clock.h"
#include "common/time/testing_time.h"

namespace tributary {
namespace {

TEST(DateTest, ParsesAndPrints) {
  for (const char* text : {"1900-01-01", "1970-01-01", "2000-02-29", "2013-11-29", "2024-02-29", "9999-12-31"}) {
    ASSERT_OK_AND_ASSIGN(const Date date, Date::Parse(text));
    EXPECT_EQ(date.ToString(), text);
    EXPECT_THAT(Date::FromYmd(date.year(), date.month(), date.day()), IsOkAndHolds(date));
  }
  EXPECT_EQ(Day("1970-01-01").days(), 0);
  EXPECT_EQ(Day("2013-11-29").days(), 16038);
  EXPECT_EQ(OpenEnd().ToString(), "9999-12-31");
}

TEST(DateTest, RefusesWhatIsNoDay) {
  for (const char* text : {"",           "2013-11-31", "2013-02-29",  "1900-02-29",  "2013-13-01",
                           "2013-00-01", "2013-01-00", "1899-12-31",  "0000-00-00",  "2013-1-01",
                           "2013/11/29", "20131129",   " 2013-11-29", "2013-11-29 ", "2013-11-29T00:00:00Z",
                           "-013-11-29", "+013-11-29", "2013-+1-29",  "2o13-11-29",  "２０13-11-29"}) {
    EXPECT_THAT(Date::Parse(text), HasReason(Reason::kInvalidField)) << text;
  }
  EXPECT_THAT(Date::FromYmd(10000, 1, 1), Blames(""));
  EXPECT_THAT(Date::FromYmd(2013, -1, 1), Blames(""));
  EXPECT_THAT(Date::FromYmd(2013, 257, 1), Blames(""));  // std::chrono would take it for January
}

TEST(DateTest, EveryDayFollowsTheOneBefore) {
  Date date = Day("1900-01-01");
  int year = 1900, month = 1, day = 1;
  const auto days_in = [](int y, int m) {
    if (m == 2) return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 29 : 28;
    return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
  };
  while (date < Day("2400-03-02")) {
    ASSERT_EQ(date.year(), year);
    ASSERT_EQ(date.month(), month);
    ASSERT_EQ(date.day(), day);
    date = date.AddDays(1);
    if (++day > days_in(year, month)) {
      day = 1;
      if (++month > 12) {
        month = 1;
        ++year;
      }
    }
  }
}

TEST(DateRangeTest, IsHalfOpen) {
  const DateRange range = {Day("2013-01-01"), Day("2013-02-01")};
  EXPECT_TRUE(range.Contains(Day("2013-01-01")));
  EXPECT_TRUE(range.Contains(Day("2013-01-31")));
  EXPECT_FALSE(range.Contains(Day("2013-02-01")));
  EXPECT_FALSE(range.Intersects({Day("2013-02-01"), OpenEnd()}));
  EXPECT_TRUE(range.Intersects({Day("2013-01-31"), OpenEnd()}));
}

TEST(QuarterTest, HoldsItsDays) {
  EXPECT_EQ(QuarterId(Day("2013-11-29")), "2013Q4");
  EXPECT_EQ(QuarterId(Day("2013-01-01")), "2013Q1");
  EXPECT_EQ(QuarterId(Day("2013-03-31")), "2013Q1");
  EXPECT_EQ(QuarterId(Day("2013-04-01")), "2013Q2");
  for (Date date = Day("2010-10-01"); date < Day("2014-01-02"); date = date.AddDays(1)) {
    const DateRange quarter = QuarterOf(date);
    ASSERT_TRUE(quarter.Contains(date));
    ASSERT_EQ(quarter.start.day(), 1);
    ASSERT_EQ(quarter.end.day(), 1);
    ASSERT_THAT(ParseQuarterId(QuarterId(date)), IsOkAndHolds(quarter));
    ASSERT_EQ(QuarterOf(quarter.end).start, quarter.end);
  }
  for (const char* id : {"", "2013Q0", "2013Q5", "2013q4", "2013-4", "13Q4", "2013Q44", "1899Q4", "-013Q1"}) {
    EXPECT_THAT(ParseQuarterId(id), HasReason(Reason::kInvalidField)) << id;
  }
}

TEST(ClockTest, TheFakeStandsStillUntilTold) {
  FakeClock clock(absl::FromUnixSeconds(100));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(100));
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105));
  clock.Set(absl::FromUnixSeconds(7));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(7));
}

}  // namespace
}  // namespace tributary
