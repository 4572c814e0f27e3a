#include "conflict-service/deals/deal_figures.h"

#include <optional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;

TEST(DealFiguresTest, Steps) {
  using State = Deal::State;
  struct Row {
    std::string what;
    int submissions_before;
    State before;
    int submissions_after;
    State after;
    std::optional<DealStep> want;
  };
  const std::vector<Row> rows = {
      {"handed in", 0, State::kDraft, 1, State::kSubmitted, DealStep::kRegistered},
      {"and straight into a contest", 0, State::kDraft, 1, State::kUnderReview, DealStep::kRegistered},
      {"handed in again", 1, State::kRejected, 2, State::kSubmitted, std::nullopt},
      {"appealed", 1, State::kRejected, 2, State::kUnderReview, std::nullopt},
      {"a draft given up", 0, State::kDraft, 0, State::kWithdrawn, std::nullopt},
      {"given up", 1, State::kSubmitted, 1, State::kWithdrawn, DealStep::kWithdrawn},
      {"approved", 1, State::kSubmitted, 1, State::kApproved, std::nullopt},
      {"renewed", 1, State::kApproved, 1, State::kApproved, std::nullopt},
      {"won", 1, State::kApproved, 1, State::kWon, DealStep::kWon},
      {"lost", 1, State::kPartApproved, 1, State::kLost, DealStep::kLost},
      {"expired", 1, State::kApproved, 1, State::kExpired, DealStep::kExpired},
      {"contested once more", 1, State::kUnderReview, 1, State::kUnderReview, std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Deal before, after;
    before.submissions = row.submissions_before;
    before.state = row.before;
    after.submissions = row.submissions_after;
    after.state = row.after;
    EXPECT_EQ(StepOf(before, after), row.want);
  }
}

TEST(DealFiguresTest, QuotientsAreRoundedHalfToEven) {
  EXPECT_EQ(DealFigures().registrations_per_win(), std::nullopt);
  EXPECT_EQ(DealFigures().expiry_rate(), std::nullopt);
  EXPECT_EQ((DealFigures{.registered = 10, .won = 3}).registrations_per_win()->ToString(), "3.3333");
  EXPECT_EQ((DealFigures{.won = 1, .lost = 20, .withdrawn = 10, .expired = 1}).expiry_rate()->ToString(),
            "0.0312");  // 0.03125
  EXPECT_EQ((DealFigures{.won = 1}).expiry_rate()->ToString(), "0");
}

TEST(DealFiguresTest, LimitsTable) {
  const DealLimits none{};
  const DealLimits flat{.open_limit = 5};
  const DealLimits wins{.open_limit = 5, .lower_open_limit = 2, .most_registrations_per_win = 4};
  DealLimits rate{.lower_open_limit = 2, .least_ended = 4};
  rate.most_expiry_rate = *Decimal::Parse("0.5");
  struct Row {
    std::string what;
    DealLimits limits;
    DealFigures figures;
    bool hoards;
    int open_limit;
    bool room;
  };
  const std::vector<Row> rows = {
      {"nothing is limited", none, {.registered = 1000, .expired = 999, .open = 999}, false, 0, true},
      {"below the limit", flat, {.registered = 1000, .open = 4}, false, 5, true},
      {"at the limit", flat, {.registered = 1000, .open = 5}, false, 5, false},
      {"as many a win as may be", wins, {.registered = 8, .won = 2, .open = 4}, false, 5, true},
      {"one more than that", wins, {.registered = 9, .won = 2, .open = 2}, true, 2, false},
      {"one more, but little is open", wins, {.registered = 9, .won = 2, .open = 1}, true, 2, true},
      {"no win counts as one", wins, {.registered = 4, .open = 3}, false, 5, true},
      {"and then it hoards", wins, {.registered = 5, .open = 3}, true, 2, false},
      {"half of them expired", rate, {.registered = 9, .won = 2, .expired = 2, .open = 7}, false, 0, true},
      {"more than half", rate, {.registered = 9, .won = 1, .lost = 1, .expired = 3, .open = 7}, true, 2, false},
      {"of too few to tell", rate, {.registered = 9, .expired = 3, .open = 7}, false, 0, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(Hoards(row.limits, row.figures), row.hoards);
    EXPECT_EQ(OpenLimit(row.limits, row.figures), row.open_limit);
    const absl::Status may = CheckMayOpen("partners/p-1", row.limits, row.figures);
    if (row.room) {
      EXPECT_THAT(may, IsOk());
    } else {
      EXPECT_THAT(may, HasReason(Reason::kTooManyOpen));
    }
  }
  const absl::Status refused = CheckMayOpen("partners/p-1", wins, {.registered = 9, .won = 2, .expired = 1, .open = 2});
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("partners/p-1: got 2 open registrations, want fewer than 2; within 365 days it registered 9, "
                        "won 2, and of 3 that ended 1 expired"));
}

TEST(DealLimitsTest, WhatContradictsItselfIsRefused) {
  EXPECT_THAT(CheckDealLimits({}), IsOk());
  EXPECT_THAT(CheckDealLimits({.open_limit = 5, .lower_open_limit = 5, .most_registrations_per_win = 1}), IsOk());
  EXPECT_THAT(CheckDealLimits({.lower_open_limit = 5, .most_registrations_per_win = 1}), IsOk());
  EXPECT_THAT(CheckDealLimits({.open_limit = 5, .lower_open_limit = 6, .most_registrations_per_win = 1}),
              Blames("lower_open_limit"));
  EXPECT_THAT(CheckDealLimits({.open_limit = 5, .lower_open_limit = 5}), Blames("lower_open_limit"));
  EXPECT_THAT(CheckDealLimits({.most_registrations_per_win = 3}), Blames("lower_open_limit"));
  DealLimits limits{.submissions_per_deal = 0, .trials_per_day = 0, .window_days = 0, .least_ended = 0};
  limits.lower_open_limit = 1;
  limits.most_expiry_rate = *Decimal::Parse("1.000001");
  const absl::Status refused = CheckDealLimits(limits);
  for (const char* field :
       {"submissions_per_deal", "trials_per_day", "window_days", "least_ended", "most_expiry_rate"}) {
    EXPECT_THAT(refused, Blames(field));
  }
  EXPECT_THAT(CheckDealLimits({.expiry_notice_days = {}}), IsOk());
  EXPECT_THAT(CheckDealLimits({.expiry_notice_days = {30, 7, 7}}), Blames("expiry_notice_days[2]"));
  EXPECT_THAT(CheckDealLimits({.expiry_notice_days = {7, 30}}), Blames("expiry_notice_days[1]"));
  EXPECT_THAT(CheckDealLimits({.expiry_notice_days = {7, 0}}), Blames("expiry_notice_days[1]"));
  // Today is the window's last day.
  EXPECT_EQ((DealLimits{.window_days = 1}).From(absl::UnixEpoch()), Date::FromDays(0));
  EXPECT_EQ((DealLimits{.window_days = 30}).From(absl::UnixEpoch() + absl::Hours(47)), Date::FromDays(-28));
}

TEST(DealLimitsTest, TheLastDayOfNoticeThatHasComeIsDue) {
  const DealLimits limits{.expiry_notice_days = {30, 14, 3}};
  const Date over_on = *Date::Parse("2026-10-06");
  for (const auto& [left, due] : std::vector<std::pair<int, std::optional<int>>>{{31, std::nullopt},
                                                                                 {30, 30},
                                                                                 {15, 30},
                                                                                 {14, 14},
                                                                                 {4, 14},
                                                                                 {3, 3},
                                                                                 {1, 3},
                                                                                 {0, std::nullopt},
                                                                                 {-5, std::nullopt}}) {
    EXPECT_EQ(limits.NoticeDue(over_on, over_on.AddDays(-left)), due) << left;
  }
  EXPECT_EQ((DealLimits{.expiry_notice_days = {}}).NoticeDue(over_on, over_on.AddDays(-1)), std::nullopt);
}

}  // namespace
}  // namespace tributary::conflict
