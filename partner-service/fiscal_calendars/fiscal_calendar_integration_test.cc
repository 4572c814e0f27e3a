// Fiscal calendars over the wire: laid out, given, extended, and asked for the period of a day.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kService[] = "tributary.partner.v1.FiscalCalendarService/";

class FiscalCalendarsTest : public ::testing::Test {
 protected:
  FiscalCalendarsTest() : finance_(service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}})) {}

  static void Put(google::type::Date* date, const char* text) { *date = wire::ToProto(*Date::Parse(text)); }
  static v1::CreateFiscalCalendarRequest Asked(const std::string& id) {
    v1::CreateFiscalCalendarRequest request;
    request.set_fiscal_calendar_id(id);
    request.mutable_fiscal_calendar()->set_display_name("Fiscal years");
    request.mutable_fiscal_calendar()->set_time_zone("Asia/Shanghai");
    request.set_request_id(NewRequestId());
    return request;
  }
  static void PutLayout(v1::FiscalLayout* layout, v1::FiscalLayout::Pattern pattern, const char* first_day,
                        int first_year, int years) {
    layout->set_pattern(pattern);
    Put(layout->mutable_first_day(), first_day);
    layout->set_first_year(first_year);
    layout->set_years(years);
  }
  absl::StatusOr<v1::FiscalCalendar> Create(const v1::CreateFiscalCalendarRequest& request) {
    return finance_->Call<v1::FiscalCalendar>(StrCat(kService, "CreateFiscalCalendar"), request);
  }
  absl::StatusOr<v1::FiscalCalendar> Update(const v1::FiscalCalendar& calendar, const std::vector<std::string>& paths) {
    v1::UpdateFiscalCalendarRequest request;
    *request.mutable_fiscal_calendar() = calendar;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return finance_->Call<v1::FiscalCalendar>(StrCat(kService, "UpdateFiscalCalendar"), request);
  }
  absl::StatusOr<v1::FindFiscalPeriodsResponse> Find(rpc::Client& client, const std::string& name, const char* day) {
    v1::FindFiscalPeriodsRequest request;
    request.set_name(name);
    if (day != nullptr) Put(request.mutable_date(), day);
    return client.Call<v1::FindFiscalPeriodsResponse>(StrCat(kService, "FindFiscalPeriods"), request);
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> finance_;
};

TEST_F(FiscalCalendarsTest, IsLaidOutExtendedAndAsked) {
  v1::CreateFiscalCalendarRequest create = Asked("retail");
  PutLayout(create.mutable_layout(), v1::FiscalLayout::WEEKS_4_4_5, "2026-02-01", 2026, 1);
  ASSERT_OK_AND_ASSIGN(const v1::FiscalCalendar made, Create(create));
  EXPECT_EQ(made.name(), "fiscalCalendars/retail");
  EXPECT_THAT(made.periods(), SizeIs(1 + 4 + 12 + 52));

  v1::ExtendFiscalCalendarRequest extend;
  extend.set_name(made.name());
  extend.set_request_id(NewRequestId());
  PutLayout(extend.mutable_layout(), v1::FiscalLayout::WEEKS_4_4_5, "2027-02-01", 2027, 2);
  extend.mutable_layout()->add_long_years(2028);
  const std::string kExtend = StrCat(kService, "ExtendFiscalCalendar");
  EXPECT_THAT(finance_->Call<v1::FiscalCalendar>(kExtend, extend), HasReason(Reason::kInvalidField));  // a day too late
  Put(extend.mutable_layout()->mutable_first_day(), "2027-01-31");
  extend.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::FiscalCalendar longer, finance_->Call<v1::FiscalCalendar>(kExtend, extend));
  EXPECT_THAT(longer.periods(), SizeIs(3 * (1 + 4 + 12) + 52 + 52 + 53));
  EXPECT_EQ(finance_->Call<v1::FiscalCalendar>(kExtend, extend)->SerializeAsString(), longer.SerializeAsString());

  const auto user = service_.UserOf("p-1");
  ASSERT_OK_AND_ASSIGN(const v1::FindFiscalPeriodsResponse found, Find(*user, made.name(), "2026-05-02"));
  std::vector<std::string> ids;
  for (const v1::FiscalPeriod& period : found.periods()) ids.push_back(period.id());
  EXPECT_THAT(ids, ElementsAre("2026", "2026Q1", "2026M03", "2026W13"));
  EXPECT_FALSE(found.working_day());  // a Saturday
  EXPECT_THAT(found.working_days(), ElementsAre(260, 65, 25, 5));
  EXPECT_THAT(found.working_days_gone(), ElementsAre(65, 65, 25, 5));
  EXPECT_THAT(Find(*user, made.name(), "2030-01-01")->periods(), SizeIs(0));
  EXPECT_OK(Find(*user, made.name(), nullptr));
  EXPECT_THAT(Find(*user, "fiscalCalendars/none", nullptr), HasReason(Reason::kNotFound));

  v1::ListFiscalCalendarsRequest list;
  ASSERT_OK_AND_ASSIGN(const auto page,
                       user->Call<v1::ListFiscalCalendarsResponse>(StrCat(kService, "ListFiscalCalendars"), list));
  ASSERT_THAT(page.fiscal_calendars(), SizeIs(1));
  EXPECT_EQ(page.fiscal_calendars(0).etag(), longer.etag());
  EXPECT_THAT(page.fiscal_calendars(0).periods(), SizeIs(0));

  ASSERT_OK(service_.feed().Refresh());
  const int shard = events::ShardOf(made.name());
  std::vector<events::Event> told;
  std::vector<events::Cursor> read_to;
  ASSERT_OK(service_.feed().Read(std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 100,
                                 &told, &read_to, {{v1::FiscalCalendar::descriptor()->full_name()}}));
  std::vector<std::string> verbs;
  for (const events::Event& event : told) verbs.push_back(event.verb);
  EXPECT_THAT(verbs, ElementsAre("created", "updated"));
}

TEST_F(FiscalCalendarsTest, IsGivenAndWhatHasBegunStays) {
  v1::CreateFiscalCalendarRequest create = Asked("own");
  const auto add = [&](v1::FiscalCalendar* calendar, const char* id, v1::FiscalPeriod::Kind kind, const char* parent,
                       const char* start, const char* end) {
    v1::FiscalPeriod* period = calendar->add_periods();
    period->set_id(id);
    period->set_kind(kind);
    period->set_parent(parent);
    Put(period->mutable_start(), start);
    Put(period->mutable_end(), end);
  };
  add(create.mutable_fiscal_calendar(), "FY20", v1::FiscalPeriod::YEAR, "", "2020-01-01", "2021-01-01");
  add(create.mutable_fiscal_calendar(), "H2", v1::FiscalPeriod::HALF_YEAR, "FY20", "2020-07-02", "2021-01-01");
  add(create.mutable_fiscal_calendar(), "H1", v1::FiscalPeriod::HALF_YEAR, "FY20", "2020-01-01", "2020-07-01");
  const auto gap = Create(create);
  EXPECT_THAT(gap, Blames("fiscal_calendar.periods[2].start"));
  Put(create.mutable_fiscal_calendar()->mutable_periods(1)->mutable_start(), "2020-07-01");
  create.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(v1::FiscalCalendar calendar, Create(create));
  EXPECT_EQ(calendar.periods(1).id(), "H1");
  create.set_request_id(NewRequestId());
  EXPECT_THAT(Create(create), HasReason(Reason::kAlreadyExists));

  v1::FiscalCalendar changed = calendar;
  changed.clear_periods();
  EXPECT_THAT(Update(changed, {"periods"}), HasReason(Reason::kInUse));
  changed = calendar;
  add(&changed, "FY99", v1::FiscalPeriod::YEAR, "", "2021-01-01", "2099-01-01");
  changed.add_working_weekdays(v1::FiscalCalendar::SUNDAY);
  ASSERT_OK_AND_ASSIGN(const v1::FiscalCalendar after, Update(changed, {"periods"}));
  EXPECT_THAT(after.periods(), SizeIs(4));
  EXPECT_THAT(after.working_weekdays(), SizeIs(0));  // not in the mask
  EXPECT_THAT(Update(changed, {"periods"}), HasReason(Reason::kEtagMismatch));
  changed = after;
  changed.set_time_zone("UTC");
  EXPECT_THAT(Update(changed, {"time_zone"}), Blames("update_mask.paths[0]"));

  create = Asked("bad");
  create.mutable_fiscal_calendar()->set_time_zone("Mars/Olympus");
  create.mutable_fiscal_calendar()->add_working_weekdays(static_cast<v1::FiscalCalendar::Weekday>(9));
  const auto bad = Create(create);
  EXPECT_THAT(bad, Blames("fiscal_calendar.time_zone"));
  EXPECT_THAT(bad, Blames("fiscal_calendar.working_weekdays[0]"));
  create = Asked("for-managers");
  EXPECT_THAT(service_.Manager()->Call<v1::FiscalCalendar>(StrCat(kService, "CreateFiscalCalendar"), create),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::partner
