#include "partner-service/tier_assignments/tier_assignment.h"

#include <string>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partner-service/partners/partner_activity.h"

namespace tributary::partner {
namespace {

Decimal Number(const char* text) { return *Decimal::Parse(text); }

LevelCriterion Bought(const char* amount) { return {.currency = "CNY", .want = Number(amount)}; }
LevelCriterion People(int64_t people) {
  return {.kind = CriterionKind::kCertificates, .course_id = "drives", .want = Decimal::FromInt(people)};
}

PartnerProgram Program() {
  return {.id = "growth",
          .revision = Revision::First(kNow),
          .levels = {{.id = "member"},
                     {.id = "silver", .criteria = {Bought("100")}},
                     {.id = "gold", .criteria = {Bought("1000"), People(2)}}},
          .months = 12,
          .notice_days = 30,
          .grace_days = 60};
}

Partner Active() { return {.id = "p-1", .state = PartnerState::kActive}; }

// What was bought and how many people have passed.
TierFigures Figures(const char* bought, int64_t people, const char* end = "2026-12-01") {
  const CriterionFigure sales{.got = Number(bought)};
  return {.days = DateRange{Day("2026-01-01"), Day(end)},
          .figures = {{}, {sales}, {sales, {.got = Decimal::FromInt(people)}}}};
}

TierAssignment Holding(const PartnerProgram& program, int rank, const char* since = "2026-01-01") {
  return {.partner_id = "p-1",
          .id = "a",
          .revision = Revision::First(kNow),
          .program_id = program.id,
          .level = rank == 0 ? "" : program.levels[static_cast<size_t>(rank) - 1].id,
          .rank = rank,
          .valid = {Day(since), OpenEnd()}};
}

TierDecision DecideOn(const char* day, const std::vector<LevelFinding>& findings,
                      const std::optional<TierAssignment>& current, const Partner& partner = Active()) {
  return Decide(partner, Program(), findings, current, Day(day), kNow);
}

TEST(TierAssignmentTest, ALevelIsMetWhereAllItsCriteriaAre) {
  const struct {
    const char* bought;
    int64_t people;
    int reached;
  } kCases[] = {{"0", 0, 1},      {"99.999999", 9, 1}, {"100", 0, 2}, {"1000", 1, 2},
                {"999.99", 2, 2}, {"1000", 2, 3},      {"-5", 0, 1}};
  for (const auto& c : kCases) {
    EXPECT_EQ(RankReached(FindLevels(Program(), {Figures(c.bought, c.people)})), c.reached) << c.bought;
  }
}

TEST(TierAssignmentTest, FindingsSayGotWantAndDistance) {
  const LevelFinding gold = FindLevel(Program(), 3, Figures("999.99", 3));
  EXPECT_EQ(gold.level, "gold");
  EXPECT_FALSE(gold.met);
  ASSERT_EQ(gold.criteria.size(), 2u);
  EXPECT_FALSE(gold.criteria[0].met);
  EXPECT_EQ(gold.criteria[0].got, Number("999.99"));
  EXPECT_EQ(gold.criteria[0].distance, Number("0.01"));
  EXPECT_TRUE(gold.criteria[1].met);
  EXPECT_TRUE(gold.criteria[1].distance.zero());
  EXPECT_EQ(FindLevel(Program(), 2, Figures("-50", 0)).criteria[0].distance, Number("150"));
}

TEST(TierAssignmentTest, AFigureThatIsNotKnownIsNeverGood) {
  TierFigures unknown = Figures("5000", 5);
  unknown.days.reset();
  unknown.figures[1][0].got.reset();
  unknown.figures[2][0].got.reset();
  const std::vector<LevelFinding> findings = FindLevels(Program(), {unknown});
  EXPECT_EQ(RankReached(findings), 1);
  EXPECT_FALSE(findings[2].criteria[0].got.has_value());
  EXPECT_FALSE(findings[2].criteria[0].met);
  EXPECT_EQ(findings[2].criteria[0].distance, Number("1000"));
  EXPECT_TRUE(findings[2].criteria[1].met);
}

TEST(TierAssignmentTest, ALevelIsMetInOneOfThePeriodsNotInBothTogether) {
  // The period under way is weaker; the one before carries silver. Gold is met in neither, though sales and people are.
  const std::vector<TierFigures> figures = {Figures("50", 2), Figures("1000", 1, "2026-06-01")};
  const std::vector<LevelFinding> findings = FindLevels(Program(), figures);
  EXPECT_EQ(RankReached(findings), 2);
  EXPECT_EQ(findings[1].days->end, Day("2026-06-01"));
  EXPECT_EQ(findings[2].days->end, Day("2026-12-01"));
  const TierOutlook outlook = Outlook(Program(), figures, Holding(Program(), 2));
  EXPECT_EQ(outlook.next->criteria[0].distance, Number("950"));
  EXPECT_EQ(outlook.keep->criteria[0].distance, Number("50"));
  EXPECT_EQ(outlook.kept_to, Day("2026-12-01"));
  const TierOutlook top = Outlook(Program(), {Figures("1000", 2)}, Holding(Program(), 3));
  EXPECT_FALSE(top.next.has_value());
  EXPECT_TRUE(top.keep->met);
  EXPECT_FALSE(top.kept_to.has_value());
  const TierOutlook none = Outlook(Program(), figures, std::nullopt);
  EXPECT_EQ(none.next->level, "member");
  EXPECT_FALSE(none.keep.has_value());
}

TEST(TierAssignmentTest, EveryCaseOfTheDecision) {
  TierAssignment noticed = Holding(Program(), 3);
  noticed.notice = {.given = Day("2026-03-01"), .grace = Day("2026-03-31"), .demotion = Day("2026-05-30")};
  Partner suspended = Active(), terminated = Active(), prospect = Active();
  suspended.state = PartnerState::kSuspended;
  terminated.state = PartnerState::kTerminated;
  prospect.state = PartnerState::kProspect;
  const auto none = std::optional<TierAssignment>();
  const auto silver = std::optional(Holding(Program(), 2)), gold = std::optional(Holding(Program(), 3));
  const struct {
    const char* name;
    const char* bought;
    std::optional<TierAssignment> current;
    Partner partner;
    const char* day;
    TierOutcome outcome;
    int changed;  // whether the one that held did
    int made;     // rank of the new one, -1 for none
  } kCases[] = {
      {"first", "100", none, Active(), "2026-05-01", TierOutcome::kPromoted, 0, 2},
      {"up", "1000", silver, Active(), "2026-05-01", TierOutcome::kPromoted, 1, 3},
      {"up by two", "1000", Holding(Program(), 1), Active(), "2026-05-01", TierOutcome::kPromoted, 1, 3},
      {"up from none", "0", Holding(Program(), 0), Active(), "2026-05-01", TierOutcome::kPromoted, 1, 1},
      {"same", "100", silver, Active(), "2026-05-01", TierOutcome::kUnchanged, 0, -1},
      {"below, no notice yet", "0", gold, Active(), "2026-05-01", TierOutcome::kNoticed, 1, -1},
      {"below, in notice", "0", noticed, Active(), "2026-03-01", TierOutcome::kUnchanged, 0, -1},
      {"below, last day of grace", "0", noticed, Active(), "2026-05-29", TierOutcome::kUnchanged, 0, -1},
      {"below, grace over", "0", noticed, Active(), "2026-05-30", TierOutcome::kDemoted, 1, 1},
      {"below, grace long over", "100", noticed, Active(), "2027-05-30", TierOutcome::kDemoted, 1, 2},
      {"again in grace", "1000", noticed, Active(), "2026-05-29", TierOutcome::kNoticeWithdrawn, 1, -1},
      {"again after grace", "1000", noticed, Active(), "2026-06-29", TierOutcome::kNoticeWithdrawn, 1, -1},
      {"suspended", "0", noticed, suspended, "2027-05-30", TierOutcome::kNotEvaluated, 0, -1},
      {"prospect", "1000", none, prospect, "2027-05-30", TierOutcome::kNotEvaluated, 0, -1},
      {"terminated", "1000", silver, terminated, "2026-05-30", TierOutcome::kEnded, 1, -1},
      {"terminated without", "1000", none, terminated, "2026-05-30", TierOutcome::kUnchanged, 0, -1},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const TierDecision decision = DecideOn(c.day, FindLevels(Program(), {Figures(c.bought, 2)}), c.current, c.partner);
    EXPECT_EQ(decision.outcome, c.outcome);
    EXPECT_EQ(decision.changed.has_value(), c.changed == 1);
    if (decision.changed.has_value()) {
      EXPECT_EQ(decision.changed->revision.version, 2);
    }
    EXPECT_EQ(decision.made.has_value() ? decision.made->rank : -1, c.made);
    if (!decision.made.has_value()) continue;
    EXPECT_EQ(decision.made->valid.start, Day(c.day));
    EXPECT_TRUE(decision.made->holds());
    EXPECT_EQ(decision.made->findings.size(), 3u);
    EXPECT_EQ(decision.made->cause, c.outcome == TierOutcome::kDemoted ? TierCause::kDemotion : TierCause::kPromotion);
    if (decision.changed.has_value()) {
      EXPECT_EQ(decision.changed->valid.end, Day(c.day));
    }
  }
}

TEST(TierAssignmentTest, ANoticeSaysItsDaysAndWhy) {
  const std::vector<LevelFinding> findings = FindLevels(Program(), {Figures("0", 2)});
  const TierDecision decision = DecideOn("2026-03-01", findings, Holding(Program(), 3));
  ASSERT_TRUE(decision.changed.has_value());
  ASSERT_TRUE(decision.changed->notice.has_value());
  EXPECT_EQ(decision.changed->notice->given, Day("2026-03-01"));
  EXPECT_EQ(decision.changed->notice->grace, Day("2026-03-31"));
  EXPECT_EQ(decision.changed->notice->demotion, Day("2026-05-30"));
  EXPECT_EQ(decision.changed->notice->findings, findings);
  EXPECT_TRUE(decision.changed->holds());
  EXPECT_FALSE(DecideOn("2026-03-02", FindLevels(Program(), {Figures("1000", 2)}), decision.changed)
                   .changed->notice.has_value());
}

TEST(TierAssignmentTest, ALevelKeepsItsIdWhereItsPlaceMoves) {
  PartnerProgram more = Program();
  more.levels.insert(more.levels.begin() + 1, {.id = "bronze", .criteria = {Bought("10")}});
  const TierAssignment silver = Holding(Program(), 2);
  TierFigures figures = Figures("100", 0);
  figures.figures.insert(figures.figures.begin() + 1, {{.got = Number("100")}});
  EXPECT_EQ(Decide(Active(), more, FindLevels(more, {figures}), silver, Day("2026-05-01"), kNow).outcome,
            TierOutcome::kUnchanged);
}

TEST(TierAssignmentTest, DaysAsActivePartner) {
  const auto at = [](const char* text) {
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr));
    return time;
  };
  Partner partner = Active();
  const std::vector<ActiveSpan> spans = {{at("2026-01-01T10:00:00Z"), at("2026-01-11T09:00:00Z")},
                                         {at("2026-02-01T01:00:00Z"), at("2026-02-01T23:00:00Z")},
                                         {at("2026-03-01T17:00:00Z"), std::nullopt}};
  EXPECT_EQ(ActiveDays(partner, spans, at("2026-03-01T18:00:00Z")), 10);
  EXPECT_EQ(ActiveDays(partner, spans, at("2026-03-02T00:00:00Z")), 11);
  EXPECT_EQ(ActiveDays(partner, {}, at("2026-03-02T00:00:00Z")), 0);
  // 17:00 in UTC is the next day in Shanghai.
  partner.time_zone = "Asia/Shanghai";
  EXPECT_EQ(ActiveDays(partner, spans, at("2026-03-02T15:59:59Z")), 11);
  EXPECT_EQ(ActiveDays(partner, spans, at("2026-03-02T16:00:00Z")), 12);
}

}  // namespace
}  // namespace tributary::partner
