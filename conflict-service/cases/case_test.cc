#include "conflict-service/cases/case.h"

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;

const absl::Time kThen = absl::FromUnixSeconds(1780000000);
const absl::Time kNow = kThen + absl::Hours(1);

FindingChange Seen(FindingState state = FindingState::kOpen, const std::string& explanation = "so it is") {
  Conclusion conclusion{.kind = FindingKind::kExclusiveOverlap,
                        .rule_version = "1",
                        .subjects = {"massBalances/m", "partners/a/territoryGrants/g", "partners/b"},
                        .explanation = explanation};
  return {"", {"f", Uuid::New(kThen), 1, kThen, kThen, state, std::move(conclusion)}};
}

Case Opened() { return Follow(std::nullopt, Seen(), kThen)->after; }

Case In(CaseState state) {
  Case one = Opened();
  if (state == CaseState::kOpen) return one;
  one = *Triage(one, std::nullopt, std::nullopt, kThen);
  if (state == CaseState::kTriaged) return one;
  if (state == CaseState::kInMediation) return *Mediate(one, kThen);
  one = *Resolve(one, Outcome::kConfirmed, "split", kThen);
  if (state == CaseState::kResolved) return one;
  if (state == CaseState::kReopened) return *Reopen(one, "again", kThen);
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
  EXPECT_EQ(Follow(std::nullopt, Seen(FindingState::kWithdrawn), kThen), std::nullopt);
}

TEST(CaseTest, UntilTriageItFollowsItsFinding) {
  const auto changed = Follow(Opened(), Seen(FindingState::kOpen, "otherwise"), kNow);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->verb, "changed");
  EXPECT_EQ(changed->after.evidence, "otherwise");
  const auto explained = Follow(changed->after, Seen(FindingState::kWithdrawn), kNow);
  ASSERT_TRUE(explained.has_value());
  EXPECT_EQ(explained->after.state, CaseState::kClosed);
  EXPECT_EQ(explained->after.outcome, Outcome::kExplained);
  EXPECT_EQ(explained->after.due_time, std::nullopt);
  const auto again = Follow(explained->after, Seen(), kNow);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->after.state, CaseState::kOpen);
  EXPECT_EQ(again->after.outcome, Outcome::kNone);
  EXPECT_EQ(again->after.close_time, std::nullopt);
  EXPECT_EQ(again->after.evidence, "so it is");
}

TEST(CaseTest, UntilTriageItsSeverityIsTheFindings) {
  FindingChange worse = Seen(FindingState::kOpen, "worse");
  worse.finding.conclusion.severity = Severity::kHigh;
  const auto changed = Follow(Opened(), worse, kNow);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->after.severity, Severity::kHigh);
  EXPECT_EQ(changed->after.due_time, kThen + absl::Hours(24)) << "counted from when it was opened";
  EXPECT_EQ(Follow(changed->after, Seen(), kNow)->after.severity, Severity::kMedium);
}

TEST(CaseTest, FromTriageOnItsEvidenceStays) {
  const Case triaged = In(CaseState::kTriaged);
  EXPECT_EQ(Follow(triaged, Seen(FindingState::kOpen, "otherwise"), kNow), std::nullopt);
  const auto withdrawn = Follow(triaged, Seen(FindingState::kWithdrawn), kNow);
  ASSERT_TRUE(withdrawn.has_value());
  EXPECT_TRUE(withdrawn->after.finding_withdrawn);
  EXPECT_EQ(withdrawn->after.state, CaseState::kTriaged);
  EXPECT_EQ(withdrawn->after.evidence, "so it is");
  EXPECT_EQ(Follow(withdrawn->after, Seen(), kNow)->verb, "seen_again");
}

TEST(CaseTest, WhatWasDecidedComesBack) {
  const auto gone = Follow(In(CaseState::kClosed), Seen(FindingState::kWithdrawn), kNow);
  ASSERT_TRUE(gone.has_value());
  EXPECT_EQ(gone->after.state, CaseState::kClosed);
  EXPECT_EQ(gone->after.outcome, Outcome::kConfirmed);
  const auto back = Follow(gone->after, Seen(), kNow);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->verb, "reopened");
  EXPECT_EQ(back->after.state, CaseState::kReopened);
  EXPECT_EQ(back->after.outcome, Outcome::kNone);
}

TEST(CaseTest, WhatARemedyIsAppliedToStaysDecidedMeanwhile) {
  const auto gone = Follow(In(CaseState::kResolved), Seen(FindingState::kWithdrawn), kNow, /*remedy_runs=*/true);
  ASSERT_TRUE(gone.has_value());
  const auto back = Follow(gone->after, Seen(), kNow, /*remedy_runs=*/true);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->verb, "seen_again");
  EXPECT_EQ(back->after.state, CaseState::kResolved);
  EXPECT_EQ(back->after.outcome, Outcome::kConfirmed);
  EXPECT_FALSE(back->after.finding_withdrawn);
  EXPECT_EQ(Follow(gone->after, Seen(), kNow)->after.state, CaseState::kReopened) << "and without one it is open again";
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
    check(Triage(one, std::nullopt, std::nullopt, kNow), triage, CaseState::kTriaged);
    check(Mediate(one, kNow), mediate, CaseState::kInMediation);
    check(Resolve(one, Outcome::kUnfounded, "no", kNow), resolve, CaseState::kResolved);
    check(Close(one, kNow), close, CaseState::kClosed);
    check(Reopen(one, "look again", kNow), reopen, CaseState::kReopened);
  }
  EXPECT_THAT(Resolve(In(CaseState::kTriaged), Outcome::kExplained, "no", kNow), HasReason(Reason::kInvalidField));
  const auto explained = Follow(Opened(), Seen(FindingState::kWithdrawn), kNow);
  EXPECT_THAT(Reopen(explained->after, "why", kNow), HasReason(Reason::kStateConflict));
}

TEST(CaseTest, TriageMaySayOtherwise) {
  const auto one = Triage(Opened(), Cause::kCompetition, Severity::kHigh, kNow);
  ASSERT_OK(one);
  EXPECT_EQ(one->cause, Cause::kCompetition);
  EXPECT_EQ(one->due_time, kNow + absl::Hours(24 * 7));
}

TEST(CaseTest, EscalatesByEachSpanThatPasses) {
  const Case one = Opened();  // due in three days
  EXPECT_EQ(EscalationOf(one, kThen), 0);
  EXPECT_EQ(EscalationOf(one, *one.due_time - absl::Microseconds(1)), 0);
  EXPECT_EQ(EscalationOf(one, *one.due_time), 1);
  EXPECT_EQ(EscalationOf(one, *one.due_time + absl::Hours(72)), 2);
  EXPECT_EQ(EscalationOf(In(CaseState::kClosed), absl::InfiniteFuture()), 0);
}

}  // namespace
}  // namespace tributary::conflict
