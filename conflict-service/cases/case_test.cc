#include "conflict-service/cases/case.h"

#include "common/status/status_matchers.h"
#include "conflict-service/cases/case_deadlines.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kThen = absl::FromUnixSeconds(1780000000);
const absl::Time kNow = kThen + absl::Hours(1);
const CaseDeadlines kDeadlines;

FindingChange Seen(FindingState state = FindingState::kOpen, const std::string& explanation = "so it is") {
  Conclusion conclusion{.kind = FindingKind::kExclusiveOverlap,
                        .rule_version = "1",
                        .subjects = {"massBalances/m", "partners/a/territoryGrants/g", "partners/b"},
                        .explanation = explanation};
  return {"", {"f", Uuid::New(kThen), 1, kThen, kThen, state, std::move(conclusion)}};
}

Case Opened() { return Follow(std::nullopt, Seen(), kDeadlines, kThen)->after; }

Case In(CaseState state) {
  Case one = Opened();
  if (state == CaseState::kOpen) return one;
  one = *Triage(one, std::nullopt, std::nullopt, kDeadlines, kThen);
  if (state == CaseState::kTriaged) return one;
  if (state == CaseState::kInMediation) return *Mediate(one, kThen);
  one = *Resolve(one, Outcome::kConfirmed, "split", kDeadlines, kThen);
  if (state == CaseState::kResolved) return one;
  if (state == CaseState::kReopened) return *Reopen(one, "again", kDeadlines, kThen);
  return *Close(one, kThen);
}

TEST(CaseTest, AFindingOpensOne) {
  const Case one = Opened();
  EXPECT_EQ(one.name(), "cases/f");
  EXPECT_EQ(one.version, 1);
  EXPECT_EQ(one.state, CaseState::kOpen);
  EXPECT_EQ(one.cause, Cause::kRole);
  EXPECT_EQ(one.severity, Severity::kMedium);
  EXPECT_THAT(one.parties(), ElementsAre("partners/a", "partners/b"));
  EXPECT_EQ(one.evidence, "so it is");
  EXPECT_EQ(one.evidence_sha256, EvidenceSha256(Seen().finding.conclusion));
  EXPECT_EQ(one.due_time, kThen + absl::Hours(72));
  EXPECT_EQ(Follow(std::nullopt, Seen(FindingState::kWithdrawn), kDeadlines, kThen), std::nullopt);
}

TEST(CaseTest, UntilTriageItFollowsItsFinding) {
  const auto changed = Follow(Opened(), Seen(FindingState::kOpen, "otherwise"), kDeadlines, kNow);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->verb, "changed");
  EXPECT_EQ(changed->after.evidence, "otherwise");
  const auto explained = Follow(changed->after, Seen(FindingState::kWithdrawn), kDeadlines, kNow);
  ASSERT_TRUE(explained.has_value());
  EXPECT_EQ(explained->after.state, CaseState::kClosed);
  EXPECT_EQ(explained->after.outcome, Outcome::kExplained);
  EXPECT_EQ(explained->after.due_time, std::nullopt);
  const auto again = Follow(explained->after, Seen(), kDeadlines, kNow);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->after.state, CaseState::kOpen);
  EXPECT_EQ(again->after.outcome, Outcome::kNone);
  EXPECT_EQ(again->after.close_time, std::nullopt);
  EXPECT_EQ(again->after.evidence, "so it is");
}

TEST(CaseTest, UntilTriageItsSeverityIsTheFindings) {
  FindingChange worse = Seen(FindingState::kOpen, "worse");
  worse.finding.conclusion.severity = Severity::kHigh;
  const auto changed = Follow(Opened(), worse, kDeadlines, kNow);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->after.severity, Severity::kHigh);
  EXPECT_EQ(changed->after.due_time, kThen + absl::Hours(24)) << "counted from when it was opened";
  EXPECT_EQ(Follow(changed->after, Seen(), kDeadlines, kNow)->after.severity, Severity::kMedium);
}

TEST(CaseTest, FromTriageOnItsEvidenceStays) {
  const Case triaged = In(CaseState::kTriaged);
  EXPECT_EQ(Follow(triaged, Seen(FindingState::kOpen, "otherwise"), kDeadlines, kNow), std::nullopt);
  const auto withdrawn = Follow(triaged, Seen(FindingState::kWithdrawn), kDeadlines, kNow);
  ASSERT_TRUE(withdrawn.has_value());
  EXPECT_TRUE(withdrawn->after.finding_withdrawn);
  EXPECT_EQ(withdrawn->after.state, CaseState::kTriaged);
  EXPECT_EQ(withdrawn->after.evidence, "so it is");
  EXPECT_EQ(Follow(withdrawn->after, Seen(), kDeadlines, kNow)->verb, "seen_again");
}

TEST(CaseTest, WhatWasDecidedComesBack) {
  const auto gone = Follow(In(CaseState::kClosed), Seen(FindingState::kWithdrawn), kDeadlines, kNow);
  ASSERT_TRUE(gone.has_value());
  EXPECT_EQ(gone->after.state, CaseState::kClosed);
  EXPECT_EQ(gone->after.outcome, Outcome::kConfirmed);
  const auto back = Follow(gone->after, Seen(), kDeadlines, kNow);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->verb, "reopened");
  EXPECT_EQ(back->after.state, CaseState::kReopened);
  EXPECT_EQ(back->after.outcome, Outcome::kNone);
}

TEST(CaseTest, WhatARemedyIsAppliedToStaysDecidedMeanwhile) {
  const auto gone =
      Follow(In(CaseState::kResolved), Seen(FindingState::kWithdrawn), kDeadlines, kNow, /*remedy_runs=*/true);
  ASSERT_TRUE(gone.has_value());
  const auto back = Follow(gone->after, Seen(), kDeadlines, kNow, /*remedy_runs=*/true);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->verb, "seen_again");
  EXPECT_EQ(back->after.state, CaseState::kResolved);
  EXPECT_EQ(back->after.outcome, Outcome::kConfirmed);
  EXPECT_FALSE(back->after.finding_withdrawn);
  EXPECT_EQ(Follow(gone->after, Seen(), kDeadlines, kNow)->after.state, CaseState::kReopened)
      << "and without one it is open again";
}

TEST(CaseTest, VerbsAndTheStatesThatTheyMoveFrom) {
  struct Move {
    CaseState from;
    bool triage, mediate, resolve, close, reopen;
  };
  for (const auto& [from, triage, mediate, resolve, close, reopen] : std::vector<Move>{
           {CaseState::kOpen, true, false, false, false, false},
           {CaseState::kTriaged, false, true, true, false, false},
           {CaseState::kInMediation, false, false, true, false, false},
           {CaseState::kResolved, false, false, false, true, true},
           {CaseState::kClosed, false, false, false, false, true},
           {CaseState::kReopened, true, false, false, false, false},
       }) {
    SCOPED_TRACE(NameOf(from));
    const Case one = In(from);
    const auto check = [&](const absl::StatusOr<Case>& moved, bool may, CaseState to) {
      if (!may) {
        EXPECT_THAT(moved, HasReason(Reason::kStateConflict));
        return;
      }
      ASSERT_OK(moved);
      EXPECT_EQ(moved->state, to);
      EXPECT_EQ(moved->version, one.version + 1);
      EXPECT_EQ(moved->update_time, kNow);
    };
    check(Triage(one, std::nullopt, std::nullopt, kDeadlines, kNow), triage, CaseState::kTriaged);
    check(Mediate(one, kNow), mediate, CaseState::kInMediation);
    check(Resolve(one, Outcome::kUnfounded, "no", kDeadlines, kNow), resolve, CaseState::kResolved);
    check(Close(one, kNow), close, CaseState::kClosed);
    check(Reopen(one, "look again", kDeadlines, kNow), reopen, CaseState::kReopened);
  }
  EXPECT_THAT(Resolve(In(CaseState::kTriaged), Outcome::kExplained, "no", kDeadlines, kNow),
              HasReason(Reason::kInvalidField));
  const auto explained = Follow(Opened(), Seen(FindingState::kWithdrawn), kDeadlines, kNow);
  EXPECT_THAT(Reopen(explained->after, "why", kDeadlines, kNow), HasReason(Reason::kStateConflict));
}

TEST(CaseTest, TriageMaySayOtherwise) {
  const auto one = Triage(Opened(), Cause::kCompetition, Severity::kHigh, kDeadlines, kNow);
  ASSERT_OK(one);
  EXPECT_EQ(one->cause, Cause::kCompetition);
  EXPECT_EQ(one->due_time, kNow + absl::Hours(24 * 7));
}

TEST(CaseTest, EscalatesByEachSpanThatPasses) {
  Case one = Opened();  // due in three days
  const absl::Time due = *one.due_time;
  EXPECT_THAT(Escalate(&one, kDeadlines, due - absl::Microseconds(1)), IsEmpty());
  EXPECT_EQ(one.version, 1);
  EXPECT_EQ(one.escalation, 0);
  EXPECT_THAT(Escalate(&one, kDeadlines, due + absl::Hours(1)),
              ElementsAre(CaseEscalation{1, due, CaseState::kOpen, StaffRole::kChannelManager}));
  EXPECT_EQ(one.version, 2);
  EXPECT_EQ(one.escalation, 1);
  EXPECT_EQ(one.escalate_time, due);
  EXPECT_EQ(one.escalated_to, StaffRole::kChannelManager);
  EXPECT_EQ(one.due_time, due);
  EXPECT_THAT(Escalate(&one, kDeadlines, due + absl::Hours(71)), IsEmpty());
  // Whenever it is looked at, it was due when it was.
  const absl::Duration span = absl::Hours(72);
  EXPECT_THAT(Escalate(&one, kDeadlines, due + 2 * span),
              ElementsAre(CaseEscalation{2, due + span, CaseState::kOpen, StaffRole::kAdministrator},
                          CaseEscalation{3, due + 2 * span, CaseState::kOpen, StaffRole::kAdministrator}));
  EXPECT_EQ(one.escalation, 3);
  Case closed = In(CaseState::kClosed);
  EXPECT_THAT(Escalate(&closed, kDeadlines, absl::InfiniteFuture()), IsEmpty());
}

TEST(CaseTest, EachStepBeginsInTimeButMediation) {
  const auto overdue = [](CaseState state) {
    Case one = In(state);
    EXPECT_THAT(Escalate(&one, kDeadlines, *one.due_time), SizeIs(1));
    return one;
  };
  const auto expect_in_time = [](const absl::StatusOr<Case>& moved) {
    ASSERT_OK(moved);
    EXPECT_EQ(moved->escalation, 0);
    EXPECT_EQ(moved->escalate_time, std::nullopt);
    EXPECT_EQ(moved->escalated_to, StaffRole::kNone);
    EXPECT_EQ(moved->escalate_after, moved->due_time);
  };
  const absl::Time now = kThen + absl::Hours(24 * 100);
  expect_in_time(Triage(overdue(CaseState::kOpen), std::nullopt, std::nullopt, kDeadlines, now));
  expect_in_time(Resolve(overdue(CaseState::kTriaged), Outcome::kUnfounded, "no", kDeadlines, now));
  expect_in_time(Reopen(overdue(CaseState::kResolved), "why", kDeadlines, now));
  expect_in_time(Close(overdue(CaseState::kResolved), now));
  const Case triaged = overdue(CaseState::kTriaged);
  const auto heard = Mediate(triaged, now);
  ASSERT_OK(heard);
  EXPECT_EQ(heard->due_time, triaged.due_time);
  EXPECT_EQ(heard->escalation, 1);
  EXPECT_EQ(heard->escalate_after, triaged.escalate_after);
}

TEST(CaseDeadlinesTest, BySeverityAndState) {
  CaseDeadlines deadlines;
  EXPECT_THAT(CheckCaseDeadlines(deadlines), IsOk());
  EXPECT_EQ(deadlines.TimeFor(CaseState::kOpen, Severity::kHigh), absl::Hours(24));
  EXPECT_EQ(deadlines.TimeFor(CaseState::kReopened, Severity::kLow), absl::Hours(24 * 7));
  EXPECT_EQ(deadlines.TimeFor(CaseState::kInMediation, Severity::kMedium), absl::Hours(24 * 14));
  EXPECT_EQ(deadlines.TimeFor(CaseState::kResolved, Severity::kHigh), absl::Hours(24 * 14));
  EXPECT_EQ(deadlines.TimeFor(CaseState::kClosed, Severity::kHigh), absl::ZeroDuration());
  deadlines.roles = {StaffRole::kFinance};
  EXPECT_EQ(deadlines.RoleOf(0), StaffRole::kNone);
  EXPECT_EQ(deadlines.RoleOf(1), StaffRole::kFinance);
  EXPECT_EQ(deadlines.RoleOf(9), StaffRole::kFinance);
  deadlines.roles.clear();
  deadlines.days[1].close = 0;
  EXPECT_THAT(CheckCaseDeadlines(deadlines), Blames("escalation_roles"));
  EXPECT_THAT(CheckCaseDeadlines(deadlines), Blames("deadlines[1].close_days"));
}

}  // namespace
}  // namespace tributary::conflict
