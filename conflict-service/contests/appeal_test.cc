#include "conflict-service/contests/appeal.h"

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = Deal::State;

constexpr char kAppellant[] = "partners/p-1/deals/d";
constexpr char kWinner[] = "partners/p-2/deals/d";

Date On(const char* text) { return *Date::Parse(text); }

Box Scope(std::vector<std::string> lines, const char* from, const char* to) {
  return {NameSet::Of(std::move(lines)), NameSet::Of({"regions/a"}), NameSet::Of({"RESELL"}), {On(from), On(to)}};
}

// The winner has a proof of concept, the appellant a meeting; both ask for the same.
ContestInputs TheAward() {
  ContestInputs inputs;
  inputs.policy = "adjudicationPolicies/v1";
  inputs.terms.weights = {{EvidenceKind::kMeeting, 5, 2}, {EvidenceKind::kProofOfConcept, 30, 0}};
  const Box box = Scope({"l-1"}, "2026-07-01", "2026-08-01");
  inputs.contestants = {
      {kAppellant, 1, {kWinner}, {{EvidenceKind::kMeeting, On("2026-06-01"), "m-1"}}, box, {}},
      {kWinner, 2, {kAppellant}, {{EvidenceKind::kProofOfConcept, On("2026-06-02"), "p-1"}}, box, {}}};
  return inputs;
}

std::vector<ContestantNow> BothStill() {
  std::vector<ContestantNow> now;
  for (const Contestant& contestant : TheAward().contestants) {
    now.push_back({contestant.deal, contestant.requested, {}, {}});
  }
  return now;
}

TEST(AppealTest, InTimeUntilTheEndOfSoManyBusinessDays) {
  Terms terms;
  terms.appeal_days = 2;
  terms.holidays = {On("2026-07-09")};
  const Date awarded_on = On("2026-07-08");  // a Wednesday
  EXPECT_TRUE(InTimeToAppeal(terms, awarded_on, awarded_on));
  EXPECT_TRUE(InTimeToAppeal(terms, awarded_on, On("2026-07-13")));
  EXPECT_FALSE(InTimeToAppeal(terms, awarded_on, On("2026-07-14")));
  terms.appeal_days = 0;
  EXPECT_TRUE(InTimeToAppeal(terms, awarded_on, On("2036-07-14")));
}

TEST(AppealTest, WhatIsWonOrGivenUpIsNotContestedAnyMore) {
  for (const State state : kAllDealStates) {
    Deal deal;
    deal.state = state;
    const bool still = state == State::kApproved || state == State::kPartApproved || state == State::kDuplicate ||
                       state == State::kUnderReview;
    EXPECT_EQ(StillContests(deal), still) << NameOf(state);
    deal.contest = "contests/another";
    EXPECT_EQ(StillContests(deal), still && state != State::kUnderReview) << NameOf(state);
  }
}

TEST(AppealTest, TheAppealsEvidenceIsWeighedWithAllOther) {
  const ContestInputs award = TheAward();
  const std::vector<Proof> brought = {{EvidenceKind::kMeeting, On("2026-06-01"), "m-1"},
                                      {EvidenceKind::kProofOfConcept, On("2026-06-03"), "p-2"}};
  const ContestInputs inputs = WithAppeal(WholeOf({award}), kAppellant, brought, BothStill());
  EXPECT_EQ(inputs.appeal, kAppellant);
  EXPECT_EQ(inputs.policy, award.policy);
  EXPECT_EQ(inputs.terms, award.terms);
  ASSERT_EQ(inputs.contestants.size(), 2u);
  EXPECT_EQ(inputs.contestants[0].evidence, brought);
  EXPECT_EQ(inputs.contestants[1], award.contestants[1]);
  EXPECT_EQ(Decide(award, award.terms)[0].deal, kWinner);
  const std::vector<Placing> again = Decide(inputs, inputs.terms);
  EXPECT_EQ(again[0].deal, kAppellant);
  EXPECT_EQ(again[0].score, 35);
  EXPECT_TRUE(again[0].share.whole);
  EXPECT_THAT(again[1].share.granted, IsEmpty());

  // More of what counts no further changes nothing.
  const std::vector<Proof> meetings(5, brought[0]);
  EXPECT_EQ(Decide(WithAppeal(award, kAppellant, meetings, BothStill()), award.terms)[0].deal, kWinner);
}

TEST(AppealTest, WhatWasWeighedStaysWeighed) {
  const ContestInputs award = TheAward();
  ContestInputs second = award;
  second.contestants.erase(second.contestants.begin());  // the appellant of later had no part in it
  second.contestants[0].evidence.push_back({EvidenceKind::kMeeting, On("2026-06-09"), "m-9"});
  const ContestInputs whole = WholeOf({award, second});
  ASSERT_EQ(whole.contestants.size(), 2u);
  EXPECT_EQ(whole.contestants[0], award.contestants[0]);
  EXPECT_EQ(whole.contestants[1].evidence, second.contestants[0].evidence);
  EXPECT_EQ(whole.appeal, "");
}

TEST(AppealTest, WhoHasNoPartInItAnyMoreIsNoRival) {
  std::vector<ContestantNow> now = BothStill();
  now.pop_back();
  now[0].taken = {Scope({"l-1"}, "2026-07-01", "2026-07-11")};
  const ContestInputs inputs = WithAppeal(TheAward(), kAppellant, {}, now);
  ASSERT_EQ(inputs.contestants.size(), 1u);
  EXPECT_THAT(inputs.contestants[0].rivals, IsEmpty());
  EXPECT_EQ(inputs.contestants[0].taken, now[0].taken);
}

TEST(AppealTest, RenewalsAreNotPartOfIt) {
  const Box requested = Scope({"l-1"}, "2026-07-01", "2026-08-01");
  Deal renewed;
  renewed.granted = {requested, Scope({"l-1"}, "2026-08-01", "2026-09-01")};
  renewed.waitlisted = {Scope({"l-1"}, "2026-09-01", "2026-09-11")};
  const Share beside = BesideOf(renewed, requested, Places());
  EXPECT_THAT(beside.granted, ElementsAre(renewed.granted[1]));
  EXPECT_THAT(beside.waitlisted, ElementsAre(renewed.waitlisted[0]));

  std::vector<ContestantNow> now = BothStill();
  now[1].beside = beside;
  const ContestInputs inputs = WithAppeal(TheAward(), kAppellant, {}, now);
  EXPECT_THAT(inputs.contestants[0].taken, ElementsAre(renewed.granted[1], renewed.waitlisted[0]));
  EXPECT_THAT(inputs.contestants[1].taken, IsEmpty());

  // It loses what the contest is about, and keeps these.
  const Share held = HeldAfter({}, renewed.granted, beside);
  EXPECT_EQ(held.granted, beside.granted);
  EXPECT_EQ(held.waitlisted, beside.waitlisted);
  EXPECT_FALSE(held.whole);
}

TEST(AppealTest, WhatWasAcceptedStaysGranted) {
  const Box days = Scope({"l-1"}, "2026-07-01", "2026-07-11"), more = Scope({"l-1"}, "2026-07-11", "2026-07-21");
  const Share share{{Scope({"l-2"}, "2026-07-01", "2026-07-21")}, {Scope({"l-1"}, "2026-07-01", "2026-07-21")}, false};
  const Share held = HeldAfter(share, {days}, {});
  EXPECT_THAT(held.granted, ElementsAre(share.granted[0], days));
  EXPECT_THAT(held.waitlisted, ElementsAre(more));
  EXPECT_EQ(HeldAfter(share, {}, {}), share);
}

}  // namespace
}  // namespace tributary::conflict
