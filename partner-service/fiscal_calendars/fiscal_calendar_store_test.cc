#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"

#include <gmock/gmock.h>

#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

class FiscalCalendarStoreTest : public StoreTest {
 protected:
  static FiscalCalendar Of(std::string id) {
    FiscalCalendar calendar{
        .id = std::move(id), .revision = Revision::First(kNow), .display_name = "财年", .time_zone = "Asia/Shanghai"};
    calendar.periods = *LayOut({LayoutPattern::kWeeks445, *Date::Parse("2026-02-01"), 2026, 3, {2027}});
    calendar.working = {
        0b1011111, {*Date::Parse("2026-10-01"), *Date::Parse("2026-10-02")}, {*Date::Parse("2026-10-11")}};
    Sort(calendar);
    return calendar;
  }
  absl::Status Create(const FiscalCalendar& calendar) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, calendar); });
  }
  absl::StatusOr<FiscalCalendar> Get(std::string_view id) {
    return Ask<FiscalCalendar>([&](mysql::Transaction& sql) { return store_.Get(sql, id); });
  }
  FiscalCalendarStore store_;
};

TEST_F(FiscalCalendarStoreTest, IsReadAsItWasWritten) {
  const FiscalCalendar calendar = Of("main");
  ASSERT_OK(Create(calendar));
  ASSERT_OK(Create(Of("other")));
  ASSERT_OK_AND_ASSIGN(const FiscalCalendar read, Get("main"));
  EXPECT_EQ(read.revision, calendar.revision);
  EXPECT_EQ(read.display_name, calendar.display_name);
  EXPECT_EQ(read.time_zone, calendar.time_zone);
  EXPECT_EQ(read.periods, calendar.periods);
  EXPECT_EQ(read.working.weekdays, calendar.working.weekdays);
  EXPECT_EQ(read.working.days_off, calendar.working.days_off);
  EXPECT_EQ(read.working.days_worked, calendar.working.days_worked);
  EXPECT_THAT(Create(Of("main")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Get("Main"), HasReason(Reason::kNotFound));
  FiscalCalendar empty = Of("empty");
  empty.periods.clear();
  ASSERT_OK(Create(empty));
  EXPECT_TRUE(Get("empty")->periods.empty());
}

TEST_F(FiscalCalendarStoreTest, ChangesReplaceThePeriods) {
  const FiscalCalendar calendar = Of("main");
  ASSERT_OK(Create(calendar));
  FiscalCalendar changed = calendar;
  changed.revision = calendar.revision.Next(kNow + absl::Seconds(1));
  changed.display_name = "FY";
  changed.periods.pop_back();
  changed.working = {};
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, changed); }));
  ASSERT_OK_AND_ASSIGN(const FiscalCalendar read, Get("main"));
  EXPECT_EQ(read.revision, changed.revision);
  EXPECT_EQ(read.display_name, "FY");
  EXPECT_EQ(read.periods, changed.periods);
  EXPECT_TRUE(read.working.days_off.empty());
}

TEST_F(FiscalCalendarStoreTest, ListsInPagesWithoutPeriods) {
  for (const char* id : {"b", "a", "c"}) {
    FiscalCalendar calendar = Of(id);
    if (calendar.id == "c") calendar.time_zone = "UTC";
    ASSERT_OK(Create(calendar));
  }
  const auto ids = [&](const std::string& filter) {
    std::vector<std::string> found;
    for (const FiscalCalendar& calendar : All<FiscalCalendar>(
             FiscalCalendarStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page); },
             [](const FiscalCalendar&last) { return std::vector{last.id}; })) {
      EXPECT_TRUE(calendar.periods.empty());
      found.push_back(calendar.id);
    }
    return found;
  };
  EXPECT_THAT(ids(""), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ids("time_zone = UTC"), ElementsAre("c"));
}

}  // namespace
}  // namespace tributary::partner
