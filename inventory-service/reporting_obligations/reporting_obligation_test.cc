#include "inventory-service/reporting_obligations/reporting_obligation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/partner_reports/testing_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

ReportingObligation Owed(ReportingPeriodKind period, Activity activity = Activity::kSellThrough) {
  return {.partner = "acme",
          .id = "pos",
          .activity = activity,
          .period = period,
          .due_days = 5,
          .effective = {Day("2026-01-01"), OpenEnd()}};
}

ReceivedReport Came(const char* from, const char* to, const char* when, bool zero = false,
                    Activity activity = Activity::kSellThrough, std::vector<std::string> sites = {}) {
  return {.coverage = {.from = Day(from), .to = Day(to), .activities = Activities::Of(activity), .sites = sites},
          .create_time = absl::FromUnixSeconds(int64_t{86400} * Day(when).days() + 3600),
          .zero_report = zero};
}

// "2026-01-01..2026-01-31 due 2026-02-05 RECEIVED late zero".
std::vector<std::string> Periods(const ReportingObligation& owed, const std::vector<ReceivedReport>& reports,
                                 const char* as_of) {
  std::vector<std::string> out;
  for (const ReportingPeriod& p : PeriodsOf(owed, reports, Day(as_of), std::nullopt, 100)) {
    std::string text = StrCat(p.start.ToString(), "..", p.end.ToString(), " due ", p.due.ToString());
    text += p.standing == PeriodStanding::kOpen       ? " open"
            : p.standing == PeriodStanding::kReceived ? " received"
                                                      : " overdue";
    if (p.late) text += " late";
    if (p.zero_report) text += " zero";
    out.push_back(text);
  }
  return out;
}

TEST(ReportingObligationTest, JudgesMonths) {
  const ReportingObligation owed = Owed(ReportingPeriodKind::kMonth);
  const std::vector<ReceivedReport> reports = {
      Came("2026-01-01", "2026-01-31", "2026-02-05"),  // on its due day
      Came("2026-02-01", "2026-02-14", "2026-02-20"),  // half, and the other half late
      Came("2026-02-15", "2026-02-28", "2026-03-06", true),
      Came("2026-03-01", "2026-03-31", "2026-04-01", true)};  // nothing was sold
  EXPECT_THAT(Periods(owed, reports, "2026-05-05"),
              ElementsAre("2026-01-01..2026-01-31 due 2026-02-05 received",
                          "2026-02-01..2026-02-28 due 2026-03-05 received late",
                          "2026-03-01..2026-03-31 due 2026-04-05 received zero",
                          "2026-04-01..2026-04-30 due 2026-05-05 open", "2026-05-01..2026-05-31 due 2026-06-05 open"));
  // No report is not zero.
  EXPECT_THAT(Periods(owed, reports, "2026-05-06")[3], "2026-04-01..2026-04-30 due 2026-05-05 overdue");
  EXPECT_EQ(StaleSince(owed, reports), Day("2026-04-01"));
}

TEST(ReportingObligationTest, AGapIsOverdueWhateverCameBehindIt) {
  const ReportingObligation owed = Owed(ReportingPeriodKind::kMonth);
  const std::vector<ReceivedReport> reports = {Came("2026-01-01", "2026-01-10", "2026-02-01"),
                                               Came("2026-01-12", "2026-03-31", "2026-04-01")};
  EXPECT_THAT(Periods(owed, reports, "2026-03-01"), ElementsAre("2026-01-01..2026-01-31 due 2026-02-05 overdue",
                                                                "2026-02-01..2026-02-28 due 2026-03-05 received late",
                                                                "2026-03-01..2026-03-31 due 2026-04-05 received"));
  EXPECT_EQ(StaleSince(owed, reports), Day("2026-01-11"));
}

TEST(ReportingObligationTest, StockIsToldByTheLastDay) {
  const ReportingObligation owed = Owed(ReportingPeriodKind::kWeek, Activity::kOnHand);
  const std::vector<ReceivedReport> reports = {
      Came("2026-01-04", "2026-01-04", "2026-01-05", false, Activity::kOnHand),   // the first week's Sunday
      Came("2026-01-05", "2026-01-10", "2026-01-12", false, Activity::kOnHand)};  // all but a Sunday
  EXPECT_THAT(Periods(owed, reports, "2026-01-17"), ElementsAre("2026-01-01..2026-01-04 due 2026-01-09 received",
                                                                "2026-01-05..2026-01-11 due 2026-01-16 overdue",
                                                                "2026-01-12..2026-01-18 due 2026-01-23 open"));
  EXPECT_EQ(StaleSince(owed, reports), Day("2026-01-05"));
}

TEST(ReportingObligationTest, EndsWhereItEnds) {
  ReportingObligation owed = Owed(ReportingPeriodKind::kQuarter);
  owed.effective = {Day("2026-02-10"), Day("2026-05-01")};
  const std::vector<ReceivedReport> reports = {Came("2026-01-01", "2026-04-30", "2026-04-30")};
  EXPECT_THAT(Periods(owed, reports, "2027-01-01"), ElementsAre("2026-02-10..2026-03-31 due 2026-04-05 received late",
                                                                "2026-04-01..2026-04-30 due 2026-05-05 received"));
  EXPECT_EQ(StaleSince(owed, reports), std::nullopt);
  const auto rest = PeriodsOf(owed, reports, Day("2027-01-01"), Day("2026-02-10"), 1);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].start, Day("2026-04-01"));
  owed.effective.end = owed.effective.start;
  EXPECT_THAT(CheckObligation(owed), HasReason(Reason::kInvalidField));
  EXPECT_THAT(CheckObligation(Owed(ReportingPeriodKind::kDay, Activity::kReceived)), HasReason(Reason::kInvalidField));
}

TEST(StaleSinceTest, OfASite) {
  ReportingObligation owed = Owed(ReportingPeriodKind::kDay);
  owed.site = "north";
  const std::vector<ReceivedReport> reports = {
      Came("2026-01-01", "2026-01-10", "2026-02-01", false, Activity::kSellThrough, {"main"}),
      Came("2026-01-01", "2026-01-05", "2026-02-01", false, Activity::kSellThrough, {"north"}),
      Came("2026-01-01", "2026-03-05", "2026-02-01", false, Activity::kOnHand)};
  EXPECT_EQ(StaleSince({owed}, reports, "north"), Day("2026-01-06"));
  EXPECT_EQ(StaleSince({owed}, reports, "main"), Day("2026-01-11"));  // owes nothing, but reports
  EXPECT_EQ(StaleSince({owed}, reports, "south"), std::nullopt);
  EXPECT_EQ(StaleSince({owed}, {}, "north"), Day("2026-01-01"));
  // No day follows the last one.
  EXPECT_EQ(StaleSince({owed}, {Came("9999-12-01", "9999-12-30", "2026-02-01")}, "main"), OpenEnd());
  EXPECT_EQ(StaleSince({owed}, {Came("9999-12-01", "9999-12-31", "2026-02-01")}, "main"), std::nullopt);
  EXPECT_THAT(StaleSites({owed}, reports),
              ElementsAre(Pair("", std::nullopt), Pair("main", Day("2026-01-11")), Pair("north", Day("2026-01-06"))));
}

TEST(StaleSinceTest, WhateverTheOrderOfReportsThatOverlap) {
  std::vector<ReceivedReport> reports = {
      Came("2026-01-01", "2026-01-31", "2026-02-01"), Came("2026-01-05", "2026-01-06", "2026-02-01"),
      Came("2026-01-30", "2026-02-03", "2026-02-04"), Came("2026-02-05", "2026-02-28", "2026-03-01"),
      Came("2025-12-01", "2026-01-02", "2026-01-03")};
  for (int i = 0; i < 120; ++i) {
    EXPECT_EQ(StaleSince(Owed(ReportingPeriodKind::kMonth), reports), Day("2026-02-04"));
    std::ranges::next_permutation(reports, {}, [](const ReceivedReport& one) { return one.coverage.from; });
  }
}

}  // namespace
}  // namespace tributary::inventory
