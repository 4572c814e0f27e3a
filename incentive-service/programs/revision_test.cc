#include "incentive-service/programs/revision.h"

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::incentive {
namespace {

const absl::Time kNow = absl::UnixEpoch() + absl::Hours(24) * Day("2025-05-01").days();

// Active since its second version, by quarters from 2025 to 2026.
Program Active() {
  Program program;
  program.id = "growth";
  program.version = 2;
  program.state = ProgramState::kActive;
  program.terms = {{.shape = Shape::kFlat, .tiers = {{Decimal(), D("0.01")}}}, "USD"};
  program.effective = {Day("2025-01-01"), Day("2027-01-01")};
  return program;
}

Program WithRate(std::string_view rate) {
  Program program = Active();
  program.terms.scale.tiers = {{Decimal(), D(rate)}};
  return program;
}

std::string RateOn(const Program& program, std::string_view day) {
  return TermsOn(program, Day(day)).scale.tiers[0].rate.ToString();
}

TEST(RevisionTest, ReadsNames) {
  ASSERT_OK_AND_ASSIGN(const RevisionName now, ParseRevisionName("programs/growth"));
  EXPECT_EQ(now.id, "growth");
  EXPECT_EQ(now.version, std::nullopt);
  ASSERT_OK_AND_ASSIGN(const RevisionName third, ParseRevisionName("programs/growth@3"));
  EXPECT_EQ(third.id, "growth");
  EXPECT_EQ(third.version, 3);
  EXPECT_EQ(RevisionNameOf(Active()), "programs/growth@2");
  for (const char* bad : {"", "@1", "growth@1", "programs/growth@", "programs/growth@0", "programs/growth@-1",
                          "programs/growth@1.0", "programs/growth@99999999999999999999", "programs/growth@1@1"}) {
    EXPECT_THAT(ParseRevisionName(bad, "field"), Blames("field")) << bad;
  }
}

TEST(RevisionTest, EachPeriodHasTheTermsOfItsFirstDay) {
  EXPECT_EQ(RateOn(Active(), "2025-01-01"), "0.01");
  EXPECT_EQ(InForce(Active(), Day("2025-01-01")), Active());
  ASSERT_OK_AND_ASSIGN(Program program, ReviseFrom(Active(), WithRate("0.02"), Day("2025-07-01"), {}, kNow));
  EXPECT_EQ(program.version, 3);
  EXPECT_EQ(program.update_time, kNow);
  EXPECT_EQ(RateOn(program, "2025-04-01"), "0.01");
  EXPECT_EQ(RateOn(program, "2025-07-01"), "0.02");
  EXPECT_EQ(InForce(program, Day("2025-04-01")).version, 2);
  EXPECT_EQ(InForce(program, Day("2026-10-01")).version, 3);
  EXPECT_EQ(RateOn(program, "2024-01-01"), "0.01") << "before all of them";
  // In the place of the one that begins on the same day, also of the first.
  ASSERT_OK_AND_ASSIGN(program, ReviseFrom(program, WithRate("0.03"), Day("2025-07-01"), {}, kNow));
  EXPECT_EQ(program.revisions.size(), 2u);
  EXPECT_EQ(RateOn(program, "2025-07-01"), "0.03");
  EXPECT_EQ(InForce(program, Day("2025-07-01")).version, 4);
  ASSERT_OK_AND_ASSIGN(program, ReviseFrom(Active(), WithRate("0.04"), Day("2025-01-01"), {}, kNow));
  EXPECT_EQ(program.revisions.size(), 1u);
  EXPECT_EQ(RateOn(program, "2025-01-01"), "0.04");
}

TEST(RevisionTest, WhatCountsGoesByTheDay) {
  Program program = Active();
  EXPECT_FALSE(CountsByDay(program));
  EXPECT_EQ(PartsOf(program), std::vector<Program>{program});
  Program other = WithRate("0.02");
  other.lines.products = {"products/x"};
  other.eligibility.partners = {"p2"};
  other.grace_days = 30;
  other.clawback_days = 60;
  ASSERT_OK_AND_ASSIGN(program, ReviseFrom(program, other, Day("2025-07-01"), {}, kNow));
  EXPECT_EQ(program.lines, other.lines);
  EXPECT_TRUE(CountsByDay(program));
  EXPECT_TRUE(LinesOn(program, Day("2025-06-30")).empty());
  EXPECT_EQ(LinesOn(program, Day("2025-07-01")), other.lines);
  EXPECT_TRUE(EligibilityOn(program, Day("2025-06-30")).Includes("p1"));
  EXPECT_FALSE(EligibilityOn(program, Day("2025-09-30")).Includes("p1"));
  EXPECT_EQ(GraceDaysOn(program, Day("2025-04-01")), std::nullopt);
  EXPECT_EQ(GraceDaysOn(program, Day("2025-07-01")), 30);
  EXPECT_EQ(ClawbackDaysOn(program, Day("2025-07-01")), 60);
  EXPECT_EQ(InForce(program, Day("2025-04-01")).eligibility, Eligibility());
  EXPECT_TRUE(program.IsFor("p1")) << "it was for all before";

  const std::vector<Program> parts = PartsOf(program);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].effective, (DateRange{Day("2025-01-01"), Day("2025-07-01")}));
  EXPECT_EQ(parts[1].effective, (DateRange{Day("2025-07-01"), Day("2027-01-01")}));
  EXPECT_TRUE(parts[0].lines.empty());
  EXPECT_EQ(parts[1].lines, other.lines);
  EXPECT_EQ(parts[1].terms, other.terms);
  EXPECT_TRUE(parts[1].revisions.empty());

  // In the place of the first terms there is but one part; a rate alone cuts nothing.
  ASSERT_OK_AND_ASSIGN(program, ReviseFrom(Active(), other, Day("2025-01-01"), {}, kNow));
  EXPECT_FALSE(CountsByDay(program));
  ASSERT_OK_AND_ASSIGN(program, ReviseFrom(Active(), WithRate("0.02"), Day("2025-07-01"), {}, kNow));
  EXPECT_FALSE(CountsByDay(program));
}

TEST(RevisionTest, WhatCountsStaysWhereMoreRestsOnIt) {
  Program other = Active();
  other.lines.products = {"products/x"};
  EXPECT_EQ(WhyCountedStays(Active(), other), "");
  const struct {
    void (*set)(Program& program);
    const char* why;
  } kCases[] = {
      {[](Program& one) { one.growth.emplace(); }, "a program that measures growth"},
      {[](Program& one) { one.rolls_up = true; }, "a program that rolls groups up"},
      {[](Program& one) { one.return_policy = ReturnPolicy::kMatchLatest; }, "a program that matches returns"},
      {[](Program& one) { one.terms.margin.emplace(); }, "a program that measures margin"},
      {[](Program& one) { one.guarantee.emplace(); }, "a program with a guarantee"},
      {[](Program& one) { one.terms.max_penalty = D("5"); }, "a program that charges"},
      {[](Program& one) { one.terms.carry_negative = true; }, "a program that carries what is below 0"},
  };
  for (const auto& c : kCases) {
    Program program = Active(), next = other;
    c.set(program);
    c.set(next);
    EXPECT_EQ(WhyCountedStays(program, next), c.why);
    EXPECT_EQ(WhyCountedStays(program, program), "") << "nothing else counts";
  }
  other.eligibility.regions = {"CN"};
  EXPECT_EQ(WhyCountedStays(Active(), other), "a program that asks what partners are");
}

TEST(RevisionTest, RefusesInOrder) {
  Program draft = Active();
  draft.state = ProgramState::kDraft;
  EXPECT_THAT(ReviseFrom(draft, WithRate("0.02"), Day("2025-07-02"), {}, kNow), HasReason(Reason::kStateConflict));
  for (const char* day : {"2025-07-02", "2025-06-30", "2024-10-01", "2027-01-01"}) {
    EXPECT_THAT(ReviseFrom(Active(), WithRate("0.02"), Day(day), {}, kNow), Blames("starts_on")) << day;
  }
  ASSERT_OK_AND_ASSIGN(const Program revised, ReviseFrom(Active(), WithRate("0.02"), Day("2025-07-01"), {}, kNow));
  EXPECT_THAT(ReviseFrom(revised, WithRate("0.03"), Day("2025-04-01"), {"2025Q2"}, kNow), Blames("starts_on"));
  EXPECT_OK(ReviseFrom(Active(), WithRate("0.02"), Day("2025-07-01"), {"2025Q1", "2025Q2"}, kNow));
  EXPECT_THAT(ReviseFrom(Active(), WithRate("0.02"), Day("2025-07-01"), {"2025Q1", "2025Q3"}, kNow),
              HasReason(Reason::kPeriodClosed));
  // A year that is paid month by month is begun with its first month.
  Program yearly = Active();
  yearly.period = PeriodKind::kYear;
  yearly.payout_period = PeriodKind::kMonth;
  EXPECT_THAT(ReviseFrom(yearly, WithRate("0.02"), Day("2025-07-01"), {}, kNow), Blames("starts_on"));
  EXPECT_OK(ReviseFrom(yearly, WithRate("0.02"), Day("2026-01-01"), {"2025-12"}, kNow));
  EXPECT_THAT(ReviseFrom(yearly, WithRate("0.02"), Day("2026-01-01"), {"2026-01"}, kNow),
              HasReason(Reason::kPeriodClosed));
}

}  // namespace
}  // namespace tributary::incentive
