#include "incentive-service/opening_balances/opening_balance.h"

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/opening_balances/opening_volume.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Date DayOn(std::string_view text) { return *Date::Parse(text); }

OpeningBalance Live() {
  OpeningBalance balance{.partner = "p1", .id = "live", .date = DayOn("2026-05-20"), .currency = "USD"};
  balance.document = "GL-1";
  balance.volumes = {{"g", "", Decimal::FromInt(15000), Decimal::FromInt(300), 15000}};
  balance.state = OpeningBalanceState::kRequested;
  balance.requester = "clerk";
  return balance;
}

// Retroactive by the year, paid by the quarter.
Program Yearly() {
  Program program;
  program.id = "g";
  program.state = ProgramState::kActive;
  program.terms.scale = {Shape::kRetroactive, Bound::kFrom, {{Decimal(), *Decimal::Parse("0.01")}}};
  program.terms.currency = "USD";
  program.period = PeriodKind::kYear;
  program.payout_period = PeriodKind::kQuarter;
  program.effective = {DayOn("2026-01-01"), OpenEnd()};
  return program;
}

std::vector<std::string> FieldsOf(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(OpeningVolumeTest, WhatIsMalformedIsNamedInOrder) {
  const Date today = DayOn("2026-06-01");
  EXPECT_THAT(CheckOpeningBalance(Live(), today, "b"), IsEmpty());
  OpeningBalance bad = Live();
  bad.document.clear();
  bad.volumes.push_back({"g", "", Decimal::FromInt(-1), Decimal::FromInt(-1), -1});
  bad.volumes.push_back({"h", "", {}, {}, 0});
  EXPECT_THAT(FieldsOf(CheckOpeningBalance(bad, today, "b")),
              ElementsAre("b.document", "b.volumes[1].program", "b.volumes[1].amount", "b.volumes[1].quantity",
                          "b.volumes[1].paid", "b.volumes[2]"));
  bad.volumes.clear();
  EXPECT_THAT(FieldsOf(CheckOpeningBalance(bad, today, "b")), ElementsAre("b.wallet_lots"));
  bad.volumes = {{"g", "", {}, {}, 1}};  // paid in advance
  bad.document = "GL-1";
  EXPECT_THAT(CheckOpeningBalance(bad, today, "b"), IsEmpty());
}

TEST(OpeningVolumeTest, SomebodyElseDecides) {
  const absl::Time now = absl::UnixEpoch();
  EXPECT_THAT(Approve(Live(), "clerk", "", now), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Reject(Live(), "clerk", "no", now), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const OpeningBalance recorded, Approve(Live(), "treasurer", "fine", now));
  EXPECT_EQ(recorded.state, OpeningBalanceState::kRecorded);
  EXPECT_EQ(recorded.decider, "treasurer");
  EXPECT_EQ(recorded.decision_note, "fine");
  EXPECT_EQ(recorded.version, 2);
  EXPECT_THAT(Approve(recorded, "treasurer", "", now), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(const OpeningBalance rejected, Reject(Live(), "treasurer", "no", now));
  EXPECT_EQ(rejected.state, OpeningBalanceState::kRejected);
  EXPECT_THAT(Approve(rejected, "treasurer", "", now), HasReason(Reason::kStateConflict));
}

TEST(OpeningVolumeTest, IsOfThePeriodThatHasItsDay) {
  ASSERT_OK_AND_ASSIGN(const Period period, DecideVolume(Live(), Yearly(), {}, "v"));
  EXPECT_EQ(period.id, "2026");
  // What was closed before the day is without it.
  EXPECT_OK(DecideVolume(Live(), Yearly(), {.closed = {"2025Q4", "2026Q1"}}, "v"));
  OpeningBalance last = Live();
  last.date = DayOn("2026-03-31");
  EXPECT_THAT(DecideVolume(last, Yearly(), {.closed = {"2026Q1"}}, "v"), HasReason(Reason::kPeriodClosed));
  last.date = DayOn("2026-04-01");
  EXPECT_OK(DecideVolume(last, Yearly(), {.closed = {"2026Q1"}}, "v"));
}

// Each has the faults of those before it, too.
TEST(OpeningVolumeTest, RefusesInOrder) {
  OpeningBalance balance = Live();
  Program program = Yearly();
  VolumeGround ground;
  const auto refusal = [&] { return DecideVolume(balance, program, ground, "v").status(); };
  const auto text = [&] { return std::string(refusal().message()); };
  ground.lines = 2;
  EXPECT_THAT(refusal(), HasReason(Reason::kStateConflict));
  EXPECT_THAT(text(), HasSubstr("got 2 lines that count in 2026"));
  ground.closed = {"2026Q2"};
  EXPECT_THAT(refusal(), HasReason(Reason::kPeriodClosed));
  program.eligibility.partners = {"p2"};
  EXPECT_THAT(refusal(), Blames("v.program"));
  EXPECT_THAT(text(), HasSubstr("for partners/p1"));
  balance.date = DayOn("2025-12-31");
  EXPECT_THAT(text(), HasSubstr("without a period on 2025-12-31"));
  balance.currency = "EUR";
  EXPECT_THAT(text(), HasSubstr("in USD"));
  ground.stacked = true;
  EXPECT_THAT(text(), HasSubstr("a stacking plan"));
  program.state = ProgramState::kDraft;
  EXPECT_THAT(refusal(), HasReason(Reason::kStateConflict));
}

TEST(OpeningVolumeTest, IsOfWhatSumsAreWorth) {
  const auto refused = [](const char* with, void (*change)(Program&)) {
    Program program = Yearly();
    change(program);
    const absl::Status status = DecideVolume(Live(), program, {}, "v").status();
    EXPECT_THAT(status, Blames("v.program")) << with;
    EXPECT_THAT(std::string(status.message()), HasSubstr(with));
  };
  refused("another measure", [](Program& program) { program.terms.scale.measure = Measure::kCount; });
  refused("max_penalty", [](Program& program) { program.terms.max_penalty = Decimal::FromInt(1); });
  refused("carry_negative", [](Program& program) { program.terms.carry_negative = true; });
  refused("group ROLL_UP", [](Program& program) { program.rolls_up = true; });
  refused("a budget", [](Program& program) { program.budget = PeriodBudget(); });
  refused("a guarantee", [](Program& program) { program.guarantee = Guarantee(); });
  refused("a clawback_cap", [](Program& program) { program.clawback_cap = ClawbackCap(); });
  Program by_units = Yearly();
  by_units.terms.scale.measure = Measure::kQuantity;
  EXPECT_OK(DecideVolume(Live(), by_units, {}, "v"));
}

// Whom it is for, and what it is worth, may be otherwise in a later period.
TEST(OpeningVolumeTest, IsJudgedByTheTermsOfItsPeriod) {
  Program program = Yearly();
  program.eligibility.partners = {"p1"};
  program.revisions.push_back({program.effective.start, 1, program.terms, CountedOf(program)});
  program.eligibility.partners = {"p2"};
  program.terms.max_penalty = Decimal::FromInt(1);
  program.revisions.push_back({DayOn("2027-01-01"), 2, program.terms, CountedOf(program)});
  EXPECT_OK(DecideVolume(Live(), program, {}, "v"));
  OpeningBalance next = Live();
  next.date = DayOn("2027-02-01");
  EXPECT_THAT(std::string(DecideVolume(next, program, {}, "v").status().message()), HasSubstr("max_penalty"));
  next.date = Live().date;
  next.partner = "p2";
  EXPECT_THAT(std::string(DecideVolume(next, program, {}, "v").status().message()), HasSubstr("for partners/p2"));
}

}  // namespace
}  // namespace tributary::incentive
