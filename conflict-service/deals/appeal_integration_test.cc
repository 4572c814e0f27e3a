// Appeals against the award of a contest, over the network: it is decided again by all evidence, and what was granted
// moves.

#include <map>
#include <set>
#include <string>

#include "conflict-service/deals/testing_deals.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Registration = v1::DealRegistration;

constexpr char kLoser[] = "partners/p-1/deals/d-1";
constexpr char kWinner[] = "partners/p-2/deals/d-2";

class ContestAppealTest : public DealsTest {
 protected:
  // The contest of S5, awarded on 2026-07-08: the winner has a proof of concept and a meeting, the loser four meetings.
  void AwardToSecond(int appeal_days = 0) {
    Policy("v1", 3, true, appeal_days);
    ASSERT_THAT(Register(First()), IsOk());
    world_.SetDay("2026-07-06");
    ASSERT_THAT(Register(Second()), IsOk());
    for (int i = 1; i <= 4; ++i) Evidence(kLoser, StrCat("e-", i), v1::Evidence::MEETING, "2026-06-10");
    Evidence(kWinner, "e-1", v1::Evidence::MEETING, "2026-06-15");
    Evidence(kWinner, "e-2", v1::Evidence::PROOF_OF_CONCEPT, "2026-06-20");
    world_.SetDay("2026-07-08");
    const auto contests = Contests("state = OPEN");
    ASSERT_THAT(contests, SizeIs(1));
    contest_ = contests[0].name();
    const auto awarded = Award(contest_);
    ASSERT_THAT(awarded, IsOk());
    ASSERT_EQ(awarded->members(0).deal(), kWinner);
    EXPECT_EQ(awarded->appeal(), "");
    award_sha256_ = awarded->inputs_sha256();
  }
  v1::Contest Contest() {
    const auto contest = Do<v1::GetContestRequest, v1::Contest>(StrCat(kContests, "GetContest"), contest_, Manager());
    EXPECT_THAT(contest, IsOk());
    return contest.value_or(v1::Contest());
  }
  std::vector<v1::ContestDecision> Decisions() {
    v1::ListContestDecisionsRequest request;
    request.set_parent(contest_);
    const auto reply =
        Call<v1::ListContestDecisionsResponse>(StrCat(kContests, "ListContestDecisions"), request, Manager());
    EXPECT_THAT(reply, IsOk());
    return {reply->decisions().begin(), reply->decisions().end()};
  }
  v1::ReplayContestResponse Replay(int64_t decision) {
    v1::ReplayContestRequest request;
    request.set_name(contest_);
    request.set_decision(decision);
    const auto reply = Call<v1::ReplayContestResponse>(StrCat(kContests, "ReplayContest"), request, Manager());
    EXPECT_THAT(reply, IsOk());
    return reply.value_or(v1::ReplayContestResponse());
  }
  static int64_t HeldCells(const Registration& deal) {
    return CellsOf(deal.granted_boxes()) + CellsOf(deal.waitlisted_boxes());
  }
  // Cells that both hold.
  static int64_t Shared(const Registration& a, const Registration& b) {
    std::map<std::string, std::set<std::string>> holders;
    for (const Registration* deal : {&a, &b}) {
      for (const auto* boxes : {&deal->granted_boxes(), &deal->waitlisted_boxes()}) {
        for (const v1::DealBox& box : *boxes) {
          for (const std::string& line : box.product_lines()) {
            for (const std::string& region : box.regions()) {
              for (int day = wire::FromProto(box.effective_from())->days();
                   day < wire::FromProto(box.effective_to())->days(); ++day) {
                holders[StrCat(line, " ", region, " ", day)].insert(deal->name());
              }
            }
          }
        }
      }
    }
    int64_t shared = 0;
    for (const auto& [cell, names] : holders) shared += names.size() > 1 ? 1 : 0;
    return shared;
  }

  std::string contest_;
  std::string award_sha256_;
};

TEST_F(ContestAppealTest, BetterEvidenceTakesWhatTheOtherWasGranted) {
  AwardToSecond();
  ASSERT_THAT(Do<v1::AcceptDealRegistrationRequest>(StrCat(kDeals, "AcceptDealRegistration"), kLoser, User("p-1")),
              IsOk());
  ASSERT_THAT(Renew(kWinner, "2026-11-15"), IsOk());
  EXPECT_EQ(CellsOf(Get(kWinner).granted_boxes()), 360 + 64);
  // Another policy now; the contest keeps its own.
  Policy("v2", /*meetings=*/100);
  ASSERT_THAT(Appeal(kLoser), IsOk());
  EXPECT_EQ(CellsOf(Get(kLoser).granted_boxes()), 294);  // nothing moves by the appeal alone
  Evidence(kLoser, "design", v1::Evidence::DESIGN, "2026-07-07");
  Evidence(kLoser, "unverified", v1::Evidence::PROOF_OF_CONCEPT, "2026-07-07", /*verify=*/false);
  EXPECT_THAT(Decisions(), SizeIs(1));

  const auto accepted = Approve(kLoser);
  ASSERT_THAT(accepted, IsOk());
  EXPECT_EQ(accepted->state(), Registration::APPROVED);
  EXPECT_EQ(CellsOf(accepted->granted_boxes()), 360);
  const Registration other = Get(kWinner);
  EXPECT_EQ(other.state(), Registration::PART_APPROVED);
  // What it was renewed by is no part of the contest; the 24 that days alone cut were granted before, and stay.
  EXPECT_EQ(CellsOf(other.granted_boxes()), 270 + 64 + 24);
  EXPECT_EQ(CellsOf(other.waitlisted_boxes()), 0);
  EXPECT_EQ(*wire::FromProto(other.effective_to()), *Date::Parse("2026-11-15"));
  EXPECT_EQ(Shared(*accepted, other), 0);

  const v1::Contest contest = Contest();
  EXPECT_EQ(contest.state(), v1::Contest::AWARDED);
  EXPECT_EQ(contest.appeal(), kLoser);
  EXPECT_EQ(contest.policy(), "adjudicationPolicies/v1");
  ASSERT_THAT(contest.members(), SizeIs(2));
  EXPECT_EQ(contest.members(0).deal(), kLoser);
  EXPECT_EQ(contest.members(0).score(), 55);
  EXPECT_EQ(contest.members(1).score(), 35);
  EXPECT_NE(contest.inputs_sha256(), award_sha256_);
  const auto decisions = Decisions();
  ASSERT_THAT(decisions, SizeIs(2));
  EXPECT_EQ(decisions[0].name(), StrCat(contest_, "/decisions/2"));
  EXPECT_EQ(decisions[0].appeal(), kLoser);
  EXPECT_EQ(decisions[0].policy(), "adjudicationPolicies/v1");
  EXPECT_EQ(decisions[0].inputs_sha256(), contest.inputs_sha256());
  EXPECT_EQ(decisions[1].name(), StrCat(contest_, "/decisions/1"));
  EXPECT_EQ(decisions[1].appeal(), "");
  EXPECT_EQ(decisions[1].inputs_sha256(), award_sha256_);
  EXPECT_EQ(decisions[1].members(0).deal(), kWinner);
  EXPECT_EQ(CellsOf(decisions[1].members(0).granted_boxes()), 360);

  // Each is made again from what was stored with it.
  for (const auto& [decision, winner] : {std::pair(0, kLoser), std::pair(1, kWinner), std::pair(2, kLoser)}) {
    const v1::ReplayContestResponse replayed = Replay(decision);
    EXPECT_TRUE(replayed.same_award()) << decision;
    EXPECT_EQ(replayed.policy(), "adjudicationPolicies/v1");
    EXPECT_EQ(replayed.members(0).deal(), winner);
    EXPECT_EQ(replayed.inputs_sha256(), decision == 1 ? award_sha256_ : contest.inputs_sha256());
    EXPECT_THAT(replayed.differences(), IsEmpty());
  }
  v1::ReplayContestRequest none;
  none.set_name(contest_);
  none.set_decision(3);
  EXPECT_THAT(Call<v1::ReplayContestResponse>(StrCat(kContests, "ReplayContest"), none, Manager()),
              HasReason(Reason::kNotFound));

  // The duplicate is settled.
  EXPECT_THAT(Call<v1::ListFindingsResponse>("tributary.conflict.v1.FindingService/ListFindings",
                                             v1::ListFindingsRequest(), Manager())
                  ->findings(),
              IsEmpty());
}

TEST_F(ContestAppealTest, NobodyLearnsWhoseAppealItWas) {
  AwardToSecond();
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "rivals-design", v1::Evidence::DESIGN, "2026-07-07");
  ASSERT_THAT(Approve(kLoser), IsOk());
  const Registration other = Get(kWinner);
  EXPECT_EQ(HeldCells(other), 294);
  EXPECT_EQ(other.note(), "");
  std::vector<std::string> texts = {other.Utf8DebugString()};
  ASSERT_THAT(world_.database->Transact({},
                                        [&](mysql::Transaction& sql) -> absl::Status {
                                          ASSIGN_OR_RETURN(
                                              const mysql::Rows rows,
                                              sql.Query("SELECT payload FROM event WHERE name LIKE 'partners/p-2/%'"));
                                          for (const mysql::Row& row : rows) texts.push_back(row.Text(0));
                                          return absl::OkStatus();
                                        }),
              IsOk());
  EXPECT_GT(texts.size(), 4u);
  for (const std::string& text : texts) {
    for (const char* secret : {"p-1", "deals/d-1", "pl-a", "cn-51", "rivals-design", "contests/", "adjudication"}) {
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
  }
  // Decisions are the staff's.
  v1::ListContestDecisionsRequest request;
  request.set_parent(contest_);
  EXPECT_THAT(
      Call<v1::ListContestDecisionsResponse>(StrCat(kContests, "ListContestDecisions"), request, User("p-2")).status(),
      HasReason(Reason::kPermissionDenied));
}

TEST_F(ContestAppealTest, EvidenceThatIsNotEnoughMovesNothing) {
  AwardToSecond();
  const Registration winner = Get(kWinner), loser = Get(kLoser);
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "e-5", v1::Evidence::MEETING, "2026-07-07");  // three count
  const auto decided = Approve(kLoser);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->state(), Registration::PART_APPROVED);
  ASSERT_THAT(decided->granted_boxes(), SizeIs(loser.granted_boxes_size()));
  for (int i = 0; i < loser.granted_boxes_size(); ++i) {
    EXPECT_EQ(decided->granted_boxes(i).SerializeAsString(), loser.granted_boxes(i).SerializeAsString());
  }
  EXPECT_EQ(CellsOf(decided->waitlisted_boxes()), 24);
  EXPECT_EQ(Get(kWinner).SerializeAsString(), winner.SerializeAsString());
  ASSERT_THAT(Decisions(), SizeIs(2));
  EXPECT_EQ(Contest().members(0).deal(), kWinner);
  EXPECT_NE(Contest().inputs_sha256(), award_sha256_);
  EXPECT_TRUE(Replay(0).same_award());
  EXPECT_TRUE(Replay(1).same_award());
}

TEST_F(ContestAppealTest, AnAppealThatIsTurnedDownDecidesNothing) {
  AwardToSecond();
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "design", v1::Evidence::DESIGN, "2026-07-07");
  const auto rejected = Reject(kLoser);
  ASSERT_THAT(rejected, IsOk());
  EXPECT_EQ(rejected->state(), Registration::PART_APPROVED);
  EXPECT_EQ(HeldCells(*rejected), 294);
  EXPECT_THAT(Decisions(), SizeIs(1));
  EXPECT_EQ(CellsOf(Get(kWinner).granted_boxes()), 360);
  // Appealed once more and accepted, all that was brought counts.
  ASSERT_THAT(Appeal(kLoser), IsOk());
  ASSERT_THAT(Approve(kLoser), IsOk());
  EXPECT_EQ(Contest().members(0).deal(), kLoser);
  EXPECT_EQ(CellsOf(Get(kLoser).granted_boxes()), 360);
}

TEST_F(ContestAppealTest, AfterItsTimeAnAppealIsDecidedByWhatTheOthersLeave) {
  AwardToSecond(/*appeal_days=*/2);  // until the end of Friday, the 10th
  world_.SetDay("2026-07-13");
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "design", v1::Evidence::DESIGN, "2026-07-07");
  const auto decided = Approve(kLoser);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(HeldCells(*decided), 294);
  EXPECT_THAT(Decisions(), SizeIs(1));
  EXPECT_EQ(CellsOf(Get(kWinner).granted_boxes()), 360);
}

TEST_F(ContestAppealTest, OnTheLastDayItIsInTime) {
  AwardToSecond(/*appeal_days=*/2);
  world_.SetDay("2026-07-10");
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "design", v1::Evidence::DESIGN, "2026-07-07");
  world_.SetDay("2026-07-20");  // when it is decided does not matter
  ASSERT_THAT(Approve(kLoser), IsOk());
  EXPECT_EQ(CellsOf(Get(kLoser).granted_boxes()), 360);
}

TEST_F(ContestAppealTest, WhatIsWonStaysWon) {
  AwardToSecond();
  ASSERT_THAT(Do<v1::WinDealRegistrationRequest>(StrCat(kDeals, "WinDealRegistration"), kWinner, User("p-2")), IsOk());
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "design", v1::Evidence::DESIGN, "2026-07-07");
  const auto decided = Approve(kLoser);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(HeldCells(*decided), 294);
  EXPECT_EQ(Get(kWinner).state(), Registration::WON);
  EXPECT_EQ(CellsOf(Get(kWinner).granted_boxes()), 360);
  ASSERT_THAT(Contest().members(), SizeIs(1));
  EXPECT_EQ(Contest().members(0).deal(), kLoser);
}

// Whoever claims in the meantime comes behind what the contest gave, whichever of the contestants has it.
TEST_F(ContestAppealTest, WhatGoesOverIsNobodyElsesToClaim) {
  AwardToSecond();
  auto third = Second();
  third.set_parent("partners/p-3");
  third.set_deal_id("d-3");
  ASSERT_THAT(Register(third), IsOk());
  ASSERT_THAT(Appeal(kLoser), IsOk());
  Evidence(kLoser, "design", v1::Evidence::DESIGN, "2026-07-07");
  ASSERT_THAT(Approve(kLoser), IsOk());
  EXPECT_EQ(CellsOf(Get(kLoser).granted_boxes()), 360);
  EXPECT_EQ(HeldCells(Get(kWinner)), 294);
  world_.SetDay("2026-07-20");
  const auto decided = Approve("partners/p-3/deals/d-3");
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->state(), Registration::DUPLICATE);
}

// Handed in anew, it is a registration like any other, which no contest has decided.
TEST_F(ContestAppealTest, HandedInAnewItIsOutOfTheContest) {
  Policy("v1");
  const auto same = [](const char* partner) {
    return Draft(partner, "d", "Contoso", {"a"}, {"cn-50"}, "2026-08-01", "2026-09-01");
  };
  ASSERT_THAT(Register(same("p-1")), IsOk());
  ASSERT_THAT(Register(same("p-2")), IsOk());
  world_.SetDay("2026-07-08");
  const auto contests = Contests("state = OPEN");
  ASSERT_THAT(contests, SizeIs(1));
  contest_ = contests[0].name();
  ASSERT_THAT(Award(contest_), IsOk());
  EXPECT_EQ(Get("partners/p-2/deals/d").state(), Registration::DUPLICATE);
  ASSERT_THAT(Submit("partners/p-2/deals/d"), IsOk());
  ASSERT_THAT(Reject("partners/p-2/deals/d"), IsOk());
  ASSERT_THAT(Appeal("partners/p-2/deals/d"), IsOk());
  Evidence("partners/p-2/deals/d", "design", v1::Evidence::DESIGN, "2026-07-07");
  const auto decided = Approve("partners/p-2/deals/d");
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->state(), Registration::DUPLICATE);
  EXPECT_THAT(Decisions(), SizeIs(1));
}

}  // namespace
}  // namespace tributary::conflict
