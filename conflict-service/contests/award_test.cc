#include "conflict-service/contests/award.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "conflict-service/contests/contest.h"
#include "conflict-service/contests/evidence.h"
#include "conflict-service/contests/policy.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Terms kTerms{
    .contest_days = 5,
    .holidays = {},
    .weights = {{EvidenceKind::kMeeting, 5, 3}, {EvidenceKind::kProofOfConcept, 30, 0}, {EvidenceKind::kDesign, 40, 0}},
    .tie_rule = TieRule::kEarliestEvidence};

Box BoxOf(std::vector<std::string> lines, std::vector<std::string> regions, const char* from, const char* to) {
  return {
      NameSet::Of(std::move(lines)), NameSet::Of(std::move(regions)), NameSet::Of({"RESELL"}), {Day(from), Day(to)}};
}

// Four meetings against one meeting and a proof of concept.
ContestInputs Two() {
  ContestInputs inputs{"adjudicationPolicies/v1", "", kTerms, {}};
  inputs.contestants = {{"partners/p-1/deals/d",
                         1,
                         {"partners/p-2/deals/d"},
                         {},
                         BoxOf({"pl-a", "pl-b"}, {"cn-50", "cn-51"}, "2026-07-08", "2026-10-06"),
                         {}},
                        {"partners/p-2/deals/d",
                         2,
                         {"partners/p-1/deals/d"},
                         {},
                         BoxOf({"pl-b", "pl-c"}, {"cn-50", "cn-53"}, "2026-08-01", "2026-10-30"),
                         {}}};
  for (int i = 0; i < 4; ++i) {
    inputs.contestants[0].evidence.push_back({EvidenceKind::kMeeting, Day("2026-06-10").AddDays(i), StrCat("e", i)});
  }
  inputs.contestants[1].evidence = {{EvidenceKind::kMeeting, Day("2026-06-15"), "e1"},
                                    {EvidenceKind::kProofOfConcept, Day("2026-06-20"), "e2"}};
  return inputs;
}

int64_t Cells(const std::vector<Box>& boxes) {
  int64_t cells = 0;
  for (const Box& box : boxes) cells += CellsOf(box);
  return cells;
}

TEST(AwardTest, TheBetterEvidenceGoesFirst) {
  const std::vector<Placing> award = Decide(Two(), kTerms);
  ASSERT_EQ(award.size(), 2u);
  EXPECT_EQ(award[0].deal, "partners/p-2/deals/d");
  EXPECT_EQ(award[0].score, 35);
  EXPECT_EQ(award[0].rank, 1);
  EXPECT_TRUE(award[0].share.whole);
  EXPECT_EQ(Cells(award[0].share.granted), 360);
  EXPECT_EQ(award[1].score, 15);
  EXPECT_EQ(award[1].earliest_evidence, Day("2026-06-10"));
  EXPECT_FALSE(award[1].share.whole);
  EXPECT_EQ(Cells(award[1].share.granted), 270);
  EXPECT_EQ(Cells(award[1].share.waitlisted), 24);
}

TEST(AwardTest, OtherTermsOtherScores) {
  Terms terms = kTerms;
  terms.weights[0].max_count = 8;
  const auto award = Decide(Two(), kTerms), again = Decide(Two(), terms);
  EXPECT_EQ(again[1].score, 20);
  EXPECT_THAT(Differences(award, again), ElementsAre("partners/p-1/deals/d: score 15 -> 20"));
  EXPECT_THAT(Differences(award, Decide(Two(), kTerms)), IsEmpty());
  terms.weights = {{EvidenceKind::kMeeting, 5, 0}};
  EXPECT_EQ(Differences(award, Decide(Two(), terms)).size(), 6u);  // both scores, ranks and shares
}

TEST(AwardTest, Ties) {
  ContestInputs inputs = Two();
  inputs.contestants[0].evidence = {{EvidenceKind::kMeeting, Day("2026-06-16"), "e"}};
  inputs.contestants[1].evidence = {{EvidenceKind::kMeeting, Day("2026-06-15"), "e"}};
  EXPECT_EQ(Decide(inputs, kTerms)[0].deal, "partners/p-2/deals/d");  // the earlier evidence
  Terms arrival = kTerms;
  arrival.tie_rule = TieRule::kArrival;
  EXPECT_EQ(Decide(inputs, arrival)[0].deal, "partners/p-1/deals/d");
  inputs.contestants[1].evidence[0].date = Day("2026-06-16");
  EXPECT_EQ(Decide(inputs, kTerms)[0].deal, "partners/p-1/deals/d");  // then the sequence
  inputs.contestants[0].evidence.clear();
  inputs.contestants[1].evidence.clear();
  EXPECT_EQ(Decide(inputs, kTerms)[0].deal, "partners/p-1/deals/d");
}

TEST(AwardTest, WhatOthersHaveComesBeforeAndOnlyRivalsShare) {
  ContestInputs inputs = Two();
  inputs.contestants[1].taken = {BoxOf({"pl-c"}, {"cn-53"}, "2026-01-01", "2027-01-01")};
  EXPECT_EQ(Cells(Decide(inputs, kTerms)[0].share.granted), 270);
  inputs.contestants[0].rivals.clear();
  EXPECT_TRUE(Decide(inputs, kTerms)[1].share.whole);
}

TEST(AwardTest, ComesBackAsItWasWritten) {
  ContestInputs inputs = Two();
  inputs.terms.holidays = {Day("2026-07-03")};
  inputs.terms.appeal_days = 10;
  inputs.appeal = "partners/p-1/deals/d";
  inputs.contestants[0].taken = {inputs.contestants[1].requested};
  const auto read = ReadInputs(Write(inputs));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, inputs);
  EXPECT_EQ(Write(*read), Write(inputs));
  EXPECT_NE(Write(*read), Write(Two()));
  const std::vector<Placing> award = Decide(inputs, kTerms);
  const auto award_again = ReadAward(Write(award));
  ASSERT_THAT(award_again, IsOk());
  EXPECT_EQ(*award_again, award);
  EXPECT_THAT(ReadAward("score 1\n"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(ReadInputs("nothing 1\n"), HasReason(Reason::kInvalidField));
}

TEST(TermsTest, EachKindAndDayOnce) {
  Terms terms = kTerms;
  terms.weights = {{EvidenceKind::kDesign, 1, 0}, {EvidenceKind::kMeeting, 1, 0}, {EvidenceKind::kDesign, 2, 0}};
  terms.holidays = {Day("2026-07-03"), Day("2026-07-03")};
  const auto refused = NewTerms(terms, "adjudication_policy");
  EXPECT_THAT(refused, Blames("adjudication_policy.weights[2].kind"));
  EXPECT_THAT(refused, Blames("adjudication_policy.holidays[1]"));
  terms.weights.pop_back();
  terms.holidays.pop_back();
  const auto terms_in_order = NewTerms(terms, "adjudication_policy");
  ASSERT_THAT(terms_in_order, IsOk());
  EXPECT_EQ(terms_in_order->weights[0].kind, EvidenceKind::kMeeting);
}

TEST(ContestEvidenceTest, Refusals) {
  const absl::Time now = absl::FromUnixSeconds(1783000000);  // 2026-07-02
  Deal deal;
  deal.state = Deal::State::kSubmitted;
  Evidence draft;
  draft.date = Day("2026-07-04");
  draft.document = "invoice";
  draft.created_by = "clerk";
  const auto refused = NewEvidence(draft, deal, "evidence", now);
  EXPECT_THAT(refused, Blames("evidence.evidence_date"));
  EXPECT_THAT(refused, Blames("evidence.document"));
  draft.date = Day("2026-07-02");
  draft.document = "documents/d";
  const auto evidence = NewEvidence(draft, deal, "evidence", now);
  ASSERT_THAT(evidence, IsOk());
  EXPECT_THAT(Verify(*evidence, deal, "clerk", now), HasReason(Reason::kSecondPersonRequired));
  const auto verified = Verify(*evidence, deal, "manager", now);
  ASSERT_THAT(verified, IsOk());
  EXPECT_EQ(verified->verified_by, "manager");
  EXPECT_THAT(Verify(*verified, deal, "manager", now), HasReason(Reason::kStateConflict));
  deal.state = Deal::State::kApproved;
  EXPECT_THAT(NewEvidence(draft, deal, "evidence", now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Verify(*evidence, deal, "manager", now), HasReason(Reason::kStateConflict));
}

TEST(PolicyTest, States) {
  using State = Policy::State;
  for (const State from : {State::kDraft, State::kActive, State::kRetired}) {
    Policy policy;
    policy.state = from;
    EXPECT_EQ(Activate(policy, absl::UnixEpoch()).ok(), from == State::kDraft);
    EXPECT_EQ(Retire(policy, absl::UnixEpoch()).ok(), from != State::kRetired);
  }
}

TEST(ContestTest, IsAwardedOnceAndNotBeforeItsEnd) {
  const absl::Time now = absl::FromUnixSeconds(1783000000);  // 2026-07-02
  Contest contest = NewContest("adjudicationPolicies/v1", Day("2026-07-03"), now);
  EXPECT_THAT(CheckMayAward(contest, now), HasReason(Reason::kContestOpen));
  EXPECT_THAT(CheckMayAward(contest, now + absl::Hours(24)), IsOk());
  const Contest awarded = Award(contest, Two(), Decide(Two(), kTerms), "manager", now);
  EXPECT_THAT(CheckMayAward(awarded, now + absl::Hours(24)), HasReason(Reason::kStateConflict));
  EXPECT_THAT(CheckMayAward(Merged(contest, now), now + absl::Hours(24)), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::conflict
