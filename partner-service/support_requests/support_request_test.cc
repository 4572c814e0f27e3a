#include "partner-service/support_requests/support_request.h"

#include <functional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

absl::Time At(const char* text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) << text;
  return time;
}

// Shanghai, 9 to 18 o'clock, Monday to Friday.
FiscalCalendar Calendar() {
  return {.id = "main",
          .time_zone = "Asia/Shanghai",
          .working = {.days_off = {Day("2026-10-01"), Day("2026-10-02")}, .days_worked = {Day("2026-10-10")}}};
}
SupportPolicy Policy() {
  return {.id = "technical",
          .calendar_id = "main",
          .opening_minute = 540,
          .closing_minute = 1080,
          .terms = {{.severity = SupportSeverity::kCritical, .working_hours = 4},
                    {.severity = SupportSeverity::kNormal, .working_days = 2}}};
}

TEST(SupportPolicyTest, SaysWhatIsWrongByField) {
  EXPECT_OK(CheckTerms(Policy()));
  const struct {
    std::function<void(SupportPolicy*)> edit;
    const char* field;
  } kCases[] = {
      {[](SupportPolicy* p) { p->display_name = "a\nb"; }, "display_name"},
      {[](SupportPolicy* p) { p->closing_minute = 540; }, "closing_minute"},
      {[](SupportPolicy* p) { p->terms[1].severity = SupportSeverity::kCritical; }, "terms[1].severity"},
      {[](SupportPolicy* p) { p->terms[0].working_days = 1; }, "terms[0].working_hours"},
      {[](SupportPolicy* p) { p->terms[1].working_days = 0; }, "terms[1].working_hours"},
  };
  for (const auto& c : kCases) {
    SupportPolicy policy = Policy();
    c.edit(&policy);
    EXPECT_THAT(CheckTerms(policy), Blames(c.field)) << c.field;
  }
  EXPECT_EQ(TermOf(Policy(), SupportSeverity::kNormal)->working_days, 2);
  EXPECT_EQ(TermOf(Policy(), SupportSeverity::kLow), nullptr);
}

// 2026-09-28 is a Monday, 10-01 and 10-02 are off, Saturday 10-10 is worked.
TEST(SupportPolicyTest, HoursCountBetweenOpeningAndClosing) {
  const struct {
    int hours;
    const char* asked;
    const char* due;
  } kCases[] = {
      {4, "2026-09-28T10:00:00+08:00", "2026-09-28T14:00:00+08:00"},
      {4, "2026-09-28T14:00:00+08:00", "2026-09-28T18:00:00+08:00"},
      {4, "2026-09-28T14:00:01+08:00", "2026-09-29T09:00:01+08:00"},
      {4, "2026-09-28T16:30:00+08:00", "2026-09-29T11:30:00+08:00"},
      {4, "2026-09-28T06:00:00+08:00", "2026-09-28T13:00:00+08:00"},
      {4, "2026-09-28T23:00:00+08:00", "2026-09-29T13:00:00+08:00"},
      {4, "2026-09-30T17:00:00+08:00", "2026-10-05T12:00:00+08:00"},  // over days off and a weekend
      {4, "2026-10-09T17:00:00+08:00", "2026-10-10T12:00:00+08:00"},  // into a Saturday that is worked
      {4, "2026-10-03T12:00:00+08:00", "2026-10-05T13:00:00+08:00"},
      {20, "2026-09-28T09:00:00+08:00", "2026-09-30T11:00:00+08:00"},
      {9, "2026-09-28T01:00:00Z", "2026-09-28T10:00:00Z"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DueTime(Policy(), {.working_hours = c.hours}, Calendar(), At(c.asked)), At(c.due)) << c.asked;
  }
}

TEST(SupportPolicyTest, DaysCountFromTheDayAfterToTheClosing) {
  const struct {
    int days;
    const char* asked;
    const char* due;
  } kCases[] = {
      {1, "2026-09-28T10:00:00+08:00", "2026-09-29T18:00:00+08:00"},
      {1, "2026-09-28T23:59:00+08:00", "2026-09-29T18:00:00+08:00"},
      {2, "2026-09-29T10:00:00+08:00", "2026-10-05T18:00:00+08:00"},
      {1, "2026-10-03T10:00:00+08:00", "2026-10-05T18:00:00+08:00"},
      {1, "2026-09-28T16:00:00Z", "2026-09-30T18:00:00+08:00"},  // the 29th in Shanghai
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DueTime(Policy(), {.working_days = c.days}, Calendar(), At(c.asked)), At(c.due)) << c.asked;
  }
}

TEST(SupportPolicyTest, HoursAreHoursWhereTheClockIsChanged) {
  FiscalCalendar calendar = Calendar();
  calendar.time_zone = "Europe/Berlin";
  calendar.working.days_worked = {Day("2026-10-25")};  // a Sunday of 25 hours
  SupportPolicy policy = Policy();
  policy.opening_minute = 0;
  policy.closing_minute = 1440;
  EXPECT_EQ(DueTime(policy, {.working_hours = 25}, calendar, At("2026-10-25T00:00:00+02:00")),
            At("2026-10-26T00:00:00+01:00"));
}

TEST(SupportRequestTest, EveryStateAndVerb) {
  const absl::Time now = At("2026-09-28T10:00:00Z"), due = now + absl::Hours(4);
  const SupportDeed deed{.principal = "manager-1", .time = now, .text = "words"};
  const std::vector<std::function<absl::StatusOr<SupportRequest>(const SupportRequest&)>> verbs = {
      [&](const SupportRequest& r) { return Assign(r, deed); },
      [&](const SupportRequest& r) { return Answer(r, deed); },
      [&](const SupportRequest& r) { return Confirm(r, deed); },
      [&](const SupportRequest& r) { return Reopen(r, deed, due); },
  };
  constexpr int kNo = 0;
  // The state afterwards, by verb.
  const struct {
    SupportState state;
    std::vector<int> after;
  } kCases[] = {
      {SupportState::kOpen, {2, kNo, kNo, kNo}},
      {SupportState::kAssigned, {2, 3, kNo, kNo}},
      {SupportState::kAnswered, {kNo, kNo, 4, 1}},
      {SupportState::kConfirmed, {kNo, kNo, kNo, 1}},
  };
  for (const auto& c : kCases) {
    for (size_t v = 0; v < verbs.size(); ++v) {
      SCOPED_TRACE(std::string(NameOf(c.state)) + " " + std::to_string(v));
      SupportRequest request{.partner_id = "p-1", .id = "r", .revision = Revision::First(now), .state = c.state};
      const auto next = verbs[v](request);
      if (c.after[v] == kNo) {
        EXPECT_THAT(next, HasReason(Reason::kStateConflict));
        continue;
      }
      ASSERT_OK(next);
      EXPECT_EQ(static_cast<int>(next->state), c.after[v]);
      EXPECT_EQ(next->revision.version, 2);
      ASSERT_EQ(next->steps.size(), 1u);
      EXPECT_EQ(next->steps[0].principal, "manager-1");
      EXPECT_EQ(next->steps[0].text, "words");
    }
  }
}

TEST(SupportRequestTest, ReopenedItIsDueAnewAndNobodyHasIt) {
  const absl::Time now = At("2026-09-28T10:00:00Z");
  const SupportDeed deed{.principal = "user", .time = now, .text = "m-2"};
  SupportRequest request = Ask({.partner_id = "p-1", .id = "r"}, deed, now + absl::Hours(1));
  EXPECT_EQ(request.due_time, now + absl::Hours(1));
  request = *Assign(request, deed);
  EXPECT_EQ(request.assignee, "m-2");
  request = *Answer(request, deed);
  EXPECT_EQ(request.answer_time, now);
  request = *Reopen(request, deed, now + absl::Hours(9));
  EXPECT_EQ(request.assignee, "");
  EXPECT_FALSE(request.answer_time.has_value());
  EXPECT_EQ(request.due_time, now + absl::Hours(9));
  EXPECT_EQ(request.steps.size(), 4u);
  request.subject = "two\nlines";
  EXPECT_THAT(CheckSubject(request), Blames("subject"));
}

}  // namespace
}  // namespace tributary::partner
