// The life of registrations over the network: contests, and what is granted, also of many at once.

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include "conflict-service/deals/testing_deals.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// gRPC 1.51 ends the threads of its callbacks with the last server, and may fail when another one begins at that
// moment. One server stays for all tests.
class CallbacksStay : public ::testing::Environment {
  void SetUp() override {
    server_ = std::make_unique<rpc::Server>(
        rpc::Frame{.clock = &world_.clock, .verifier = world_.verifier.get(), .registry = &registry_},
        rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(1)});
    ASSERT_THAT(server_->Start(), IsOk());
  }
  void TearDown() override { server_->Drain(); }

  DealsKeys world_;
  prometheus::Registry registry_;
  std::unique_ptr<rpc::Server> server_;
};
[[maybe_unused]] const auto* const kCallbacksStay = ::testing::AddGlobalTestEnvironment(new CallbacksStay);

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

// One customer, two registrations: the evidence decides, and what is left is the other's.
TEST_F(DealsTest, AContestIsAwardedByTheEvidence) {
  Policy("v1");
  auto first = Register(First());
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->state(), State::SUBMITTED);
  EXPECT_FALSE(first->has_conflict());
  EXPECT_EQ(first->contest_end().day(), 8);
  EXPECT_THAT(Approve(kFirst), HasReason(Reason::kContestOpen));

  world_.SetDay("2026-07-06");
  const auto second = Register(Second());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->state(), State::UNDER_REVIEW);
  EXPECT_THAT(second->conflict().product_lines(), ElementsAre("productLines/pl-b"));
  EXPECT_THAT(second->conflict().regions(), ElementsAre("regions/cn-50"));
  EXPECT_EQ(*wire::FromProto(second->conflict().until()), *Date::Parse("2026-10-31"));
  EXPECT_EQ(*wire::FromProto(second->conflict().contest_end()), *Date::Parse("2026-07-08"));
  // The first learns the same, of its own scope.
  EXPECT_EQ(Get(kFirst).state(), State::UNDER_REVIEW);
  EXPECT_EQ(Get(kFirst).conflict().SerializeAsString(), second->conflict().SerializeAsString());

  for (int i = 1; i <= 4; ++i) Evidence(kFirst, StrCat("e-", i), v1::Evidence::MEETING, "2026-06-10");
  Evidence(kSecond, "e-1", v1::Evidence::MEETING, "2026-06-15");
  Evidence(kSecond, "e-2", v1::Evidence::PROOF_OF_CONCEPT, "2026-06-20");
  Evidence(kSecond, "e-3", v1::Evidence::DESIGN, "2026-06-20", /*verify=*/false);
  ASSERT_THAT(Contests("state = OPEN"), SizeIs(1));
  const v1::Contest open = Contests()[0];
  ASSERT_THAT(open.members(), SizeIs(2));
  EXPECT_EQ(open.members(0).deal(), kFirst);
  EXPECT_EQ(open.inputs_sha256(), "");
  EXPECT_THAT(Award(open.name()), HasReason(Reason::kContestOpen));

  world_.SetDay("2026-07-08");
  Evidence(kFirst, "late", v1::Evidence::DESIGN, "2026-07-07");    // the time for evidence is over
  EXPECT_THAT(Approve(kSecond), HasReason(Reason::kContestOpen));  // it is the contest's to decide
  const auto awarded = Award(open.name());
  ASSERT_THAT(awarded, IsOk());
  ASSERT_THAT(awarded->members(), SizeIs(2));
  EXPECT_EQ(awarded->members(0).deal(), kSecond);
  EXPECT_EQ(awarded->members(0).score(), 35);
  EXPECT_EQ(awarded->members(1).score(), 15);
  EXPECT_EQ(awarded->inputs_sha256().size(), 64u);
  EXPECT_THAT(Award(open.name()), HasReason(Reason::kStateConflict));

  const v1::DealRegistration winner = Get(kSecond), other = Get(kFirst);
  EXPECT_EQ(winner.state(), State::APPROVED);
  EXPECT_EQ(CellsOf(winner.granted_boxes()), 360);
  EXPECT_EQ(other.state(), State::PART_APPROVED);
  ASSERT_THAT(other.granted_boxes(), SizeIs(2));
  EXPECT_EQ(CellsOf(other.granted_boxes(0)), 180);
  EXPECT_EQ(CellsOf(other.granted_boxes(1)), 90);
  EXPECT_EQ(CellsOf(other.waitlisted_boxes()), 24);
  const auto accepted =
      Do<v1::AcceptDealRegistrationRequest>(StrCat(kDeals, "AcceptDealRegistration"), kFirst, User("p-1"));
  ASSERT_THAT(accepted, IsOk());
  EXPECT_EQ(CellsOf(accepted->granted_boxes()), 294);
  EXPECT_THAT(accepted->waitlisted_boxes(), IsEmpty());

  // The same again from what was stored, and by other terms.
  v1::ReplayContestRequest replay;
  replay.set_name(open.name());
  auto replayed = Call<v1::ReplayContestResponse>(StrCat(kContests, "ReplayContest"), replay, Manager());
  ASSERT_THAT(replayed, IsOk());
  EXPECT_TRUE(replayed->same_award());
  EXPECT_EQ(replayed->inputs_sha256(), awarded->inputs_sha256());
  EXPECT_THAT(replayed->differences(), IsEmpty());
  Policy("v2", /*meetings=*/8, /*activate=*/false);
  replay.set_policy("adjudicationPolicies/v2");
  replayed = Call<v1::ReplayContestResponse>(StrCat(kContests, "ReplayContest"), replay, Manager());
  ASSERT_THAT(replayed, IsOk());
  EXPECT_FALSE(replayed->same_award());
  EXPECT_TRUE(replayed->same_winner());
  EXPECT_THAT(replayed->differences(), ElementsAre(StrCat(kFirst, ": score 15 -> 20")));

  // The duplicate was settled; the deal is won.
  v1::ListFindingsRequest findings;
  EXPECT_THAT(Call<v1::ListFindingsResponse>("tributary.conflict.v1.FindingService/ListFindings", findings, Manager())
                  ->findings(),
              IsEmpty());
  const auto won = Do<v1::WinDealRegistrationRequest>(StrCat(kDeals, "WinDealRegistration"), kSecond, User("p-2"));
  ASSERT_THAT(won, IsOk());
  EXPECT_EQ(won->state(), State::WON);
  EXPECT_TRUE(won->has_win_date());
  EXPECT_EQ(Get(kSecond).win_date().day(), won->win_date().day());
}

TEST_F(DealsTest, WithoutAPolicyWhoeverWasFirstGoesFirst) {
  ASSERT_THAT(Register(First()), IsOk());
  const auto second = Register(Second());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->state(), State::SUBMITTED);
  EXPECT_TRUE(second->has_conflict());
  EXPECT_FALSE(second->conflict().has_contest_end());
  EXPECT_FALSE(Get(kFirst).has_conflict());  // it loses nothing by it
  // In whatever order they are decided.
  EXPECT_EQ(Approve(kSecond)->state(), State::PART_APPROVED);
  EXPECT_EQ(Approve(kFirst)->state(), State::APPROVED);
  EXPECT_EQ(CellsOf(Get(kFirst).granted_boxes()), 360);
  EXPECT_EQ(CellsOf(Get(kSecond).granted_boxes()) + CellsOf(Get(kSecond).waitlisted_boxes()), 294);
  // All of it taken.
  auto third = Second();
  third.set_parent("partners/p-3");
  third.mutable_deal_registration()->clear_product_lines();
  third.mutable_deal_registration()->add_product_lines("productLines/pl-b");
  third.mutable_deal_registration()->clear_regions();
  third.mutable_deal_registration()->add_regions("regions/cn-50");
  *third.mutable_deal_registration()->mutable_effective_to() = wire::ToProto(*Date::Parse("2026-09-01"));
  ASSERT_THAT(Register(third), IsOk());
  EXPECT_EQ(Approve("partners/p-3/deals/d-2")->state(), State::DUPLICATE);
  // What is taken back is free again.
  ASSERT_THAT(Do<v1::WithdrawDealRegistrationRequest>(StrCat(kDeals, "WithdrawDealRegistration"), kFirst, User("p-1")),
              IsOk());
  ASSERT_THAT(Appeal("partners/p-3/deals/d-2"), IsOk());
  EXPECT_EQ(Approve("partners/p-3/deals/d-2")->state(), State::APPROVED);
}

TEST_F(DealsTest, ARegistrationThatMeetsTwoContestsBringsThemTogether) {
  Policy("v1");
  const auto at = [](const std::string& partner, std::vector<std::string> lines) {
    return Draft(partner, "d", "Contoso", std::move(lines), {"cn-50"}, "2026-08-01", "2026-09-01");
  };
  ASSERT_THAT(Register(at("p-1", {"a"})), IsOk());
  ASSERT_THAT(Register(at("p-2", {"a"})), IsOk());
  world_.SetDay("2026-07-02");
  ASSERT_THAT(Register(at("p-3", {"b"})), IsOk());
  ASSERT_THAT(Register(at("p-4", {"b"})), IsOk());
  ASSERT_THAT(Contests("state = OPEN"), SizeIs(2));
  ASSERT_THAT(Register(at("p-5", {"a", "b"})), IsOk());
  ASSERT_THAT(Contests("state = OPEN"), SizeIs(1));
  ASSERT_THAT(Contests("state = MERGED"), SizeIs(1));
  const v1::Contest open = Contests("state = OPEN")[0];
  EXPECT_THAT(open.members(), SizeIs(5));
  EXPECT_EQ(*wire::FromProto(open.end_date()), *Date::Parse("2026-07-09"));
  EXPECT_EQ(*wire::FromProto(Get("partners/p-1/deals/d").contest_end()), *Date::Parse("2026-07-09"));
  // One that leaves is not decided; one that comes after the end is no contestant.
  ASSERT_THAT(Do<v1::WithdrawDealRegistrationRequest>(StrCat(kDeals, "WithdrawDealRegistration"),
                                                      "partners/p-1/deals/d", User("p-1")),
              IsOk());
  world_.SetDay("2026-07-09");
  const auto late = Register(at("p-6", {"a"}));
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->state(), State::SUBMITTED);
  const auto awarded = Award(open.name());
  ASSERT_THAT(awarded, IsOk());
  EXPECT_THAT(awarded->members(), SizeIs(4));
  EXPECT_EQ(Get("partners/p-2/deals/d").state(), State::APPROVED);
  EXPECT_EQ(Get("partners/p-3/deals/d").state(), State::APPROVED);
  EXPECT_EQ(Get("partners/p-4/deals/d").state(), State::DUPLICATE);
  EXPECT_EQ(Get("partners/p-5/deals/d").state(), State::DUPLICATE);
}

TEST_F(DealsTest, TheIncumbentIsRenewedBeforeWhatOthersHaveOnlyHandedIn) {
  const auto at = [](const std::string& partner, const char* from, const char* to) {
    return Draft(partner, "d", "Contoso", {"a"}, {"cn-50"}, from, to);
  };
  ASSERT_THAT(Register(at("p-1", "2026-07-01", "2026-08-01")), IsOk());
  ASSERT_THAT(Approve("partners/p-1/deals/d"), IsOk());
  ASSERT_THAT(Register(at("p-2", "2026-08-01", "2026-09-01")), IsOk());
  // Tried only, it says nothing.
  EXPECT_EQ(Renew("partners/p-1/deals/d", "2026-08-16", true)->SerializeAsString(),
            Get("partners/p-1/deals/d").SerializeAsString());
  const auto renewed = Renew("partners/p-1/deals/d", "2026-08-16");
  ASSERT_THAT(renewed, IsOk());
  EXPECT_EQ(CellsOf(renewed->granted_boxes()), 31 + 15);
  EXPECT_FALSE(renewed->has_conflict());
  const auto second = Approve("partners/p-2/deals/d");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->state(), State::PART_APPROVED);
  EXPECT_EQ(CellsOf(second->waitlisted_boxes()), 16);
  // What went before since it was handed in is told with the decision.
  EXPECT_THAT(second->conflict().product_lines(), ElementsAre("productLines/a"));
  EXPECT_EQ(*wire::FromProto(second->conflict().until()), *Date::Parse("2026-08-31"));
  EXPECT_THAT(
      Do<v1::WinDealRegistrationRequest>(StrCat(kDeals, "WinDealRegistration"), "partners/p-2/deals/d", User("p-2")),
      HasReason(Reason::kStateConflict));  // nothing of it is granted yet
  // What others were granted or waitlisted is theirs.
  const auto refused = Renew("partners/p-1/deals/d", "2026-09-01");
  ASSERT_THAT(refused, IsOk());
  EXPECT_TRUE(refused->has_conflict());
  EXPECT_EQ(*wire::FromProto(refused->effective_to()), *Date::Parse("2026-08-16"));
  EXPECT_EQ(CellsOf(refused->granted_boxes()), 31 + 15);
  EXPECT_THAT(Renew("partners/p-1/deals/d", "2026-08-16"), Blames("effective_to"));

  // It expires after its last day, and blocks nobody from then on.
  EXPECT_EQ(Get("partners/p-1/deals/d").state(), State::APPROVED);
  world_.SetDay("2026-08-16");
  EXPECT_TRUE(Eventually([&] { return Get("partners/p-1/deals/d").state() == State::EXPIRED; }));
  EXPECT_EQ(Get("partners/p-2/deals/d").state(), State::PART_APPROVED);
  EXPECT_THAT(Renew("partners/p-1/deals/d", "2026-09-16"), HasReason(Reason::kStateConflict));
}

TEST_F(DealsTest, HandingInIsCounted) {
  DealsProcess strict(world_, "strict", {.submissions_per_deal = 2, .submissions_per_day = 3});
  const auto submit = [&](const std::string& name) {
    v1::SubmitDealRegistrationRequest request;
    request.set_name(name);
    return strict.client().Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), request, User("p-1"));
  };
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(Call<v1::DealRegistration>(
                    StrCat(kDeals, "CreateDealRegistration"),
                    Draft("p-1", id, StrCat("Customer ", id), {}, {"cn"}, "2026-07-08", "2026-08-08"), User("p-1")),
                IsOk());
  }
  ASSERT_THAT(submit("partners/p-1/deals/a"), IsOk());
  ASSERT_THAT(Reject("partners/p-1/deals/a"), IsOk());
  EXPECT_EQ(Get("partners/p-1/deals/a").note(), "Not ours to sell");
  ASSERT_THAT(submit("partners/p-1/deals/a"), IsOk());
  ASSERT_THAT(Reject("partners/p-1/deals/a"), IsOk());
  EXPECT_THAT(submit("partners/p-1/deals/a"), HasReason(Reason::kSubmissionLimit));
  EXPECT_EQ(Get("partners/p-1/deals/a").submission_count(), 2);
  ASSERT_THAT(submit("partners/p-1/deals/b"), IsOk());
  EXPECT_THAT(submit("partners/p-1/deals/c"), HasReason(Reason::kQuotaExceeded));
  world_.SetDay("2026-07-03");
  EXPECT_THAT(submit("partners/p-1/deals/c"), IsOk());
}

TEST_F(DealsTest, AnAppealComesBehindAllOthersAndKeepsItsPart) {
  ASSERT_THAT(Register(First()), IsOk());
  ASSERT_THAT(Register(Second()), IsOk());
  ASSERT_THAT(Approve(kSecond), IsOk());
  const auto appealed = Appeal(kSecond);
  ASSERT_THAT(appealed, IsOk());
  EXPECT_EQ(appealed->state(), State::UNDER_REVIEW);
  EXPECT_EQ(CellsOf(appealed->granted_boxes()) + CellsOf(appealed->waitlisted_boxes()), 294);
  EXPECT_EQ(Reject(kSecond)->state(), State::PART_APPROVED);
  EXPECT_EQ(CellsOf(Get(kSecond).granted_boxes()) + CellsOf(Get(kSecond).waitlisted_boxes()), 294);
  EXPECT_EQ(Approve(kFirst)->state(), State::APPROVED);
}

// --- many at once ---

// Cells that several deals of one customer hold.
int64_t Overlap(const std::vector<v1::DealRegistration>& deals) {
  std::set<std::string> cells;
  int64_t twice = 0;
  for (const auto& deal : deals) {
    std::vector<v1::DealBox> boxes(deal.granted_boxes().begin(), deal.granted_boxes().end());
    boxes.insert(boxes.end(), deal.waitlisted_boxes().begin(), deal.waitlisted_boxes().end());
    for (const auto& box : boxes) {
      for (const auto& line : box.product_lines()) {
        for (const auto& region : box.regions()) {
          for (int day = wire::FromProto(box.effective_from())->days();
               day < wire::FromProto(box.effective_to())->days(); ++day) {
            twice += static_cast<int64_t>(!cells.insert(StrCat(line, " ", region, " ", day)).second);
          }
        }
      }
    }
  }
  return twice;
}

std::string RandomName(std::mt19937& random) {
  std::string name;
  for (int i = 0; i < 14; ++i) name += static_cast<char>('a' + random() % 26);
  return name;
}

// Two processes are handed the two registrations of a customer at the same moment, three hundred times.
TEST_F(DealsTest, TwoProcessesAtTheSameMomentNeverGrantTheSame) {
  constexpr int kRounds = 300;
  DealsProcess other(world_, "replica-2", kManySubmissions);
  Policy("v1");
  std::mt19937 random(20260801);
  std::vector<std::string> customers;
  for (int i = 0; i < kRounds; ++i) customers.push_back(RandomName(random));
  const auto hand_in = [&](rpc::Client& client, bool first) {
    const rpc::CallOptions as = User(first ? "p-1" : "p-2");
    for (int i = 0; i < kRounds; ++i) {
      auto draft = first ? First(customers[i]) : Second(customers[i] + " Ltd.");
      draft.set_deal_id(StrCat("r-", i));
      const auto made = client.Call<v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), draft, as);
      ASSERT_THAT(made, IsOk());
      v1::SubmitDealRegistrationRequest submit;
      submit.set_name(made->name());
      ASSERT_THAT(client.Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, as), IsOk());
    }
  };
  std::thread one([&] { hand_in(process_.client(), true); });
  std::thread two([&] { hand_in(other.client(), false); });
  one.join();
  two.join();
  world_.SetDay("2026-07-08");
  int awarded = 0;
  while (true) {
    const auto open = Contests("state = OPEN");
    if (open.empty()) break;
    for (const auto& contest : open) {
      ASSERT_THAT(contest.members(), SizeIs(2));
      ASSERT_THAT(Award(contest.name()), IsOk());
      ++awarded;
    }
  }
  EXPECT_EQ(awarded, kRounds);
  int first_won = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::vector<v1::DealRegistration> deals = {Get(StrCat("partners/p-1/deals/r-", i)),
                                                     Get(StrCat("partners/p-2/deals/r-", i))};
    int64_t cells = 0;
    for (const auto& deal : deals) cells += CellsOf(deal.granted_boxes()) + CellsOf(deal.waitlisted_boxes());
    ASSERT_EQ(cells, 654);
    ASSERT_EQ(Overlap(deals), 0);
    first_won += static_cast<int>(deals[0].state() == State::APPROVED);
  }
  RecordProperty("first_won", first_won);
}

// Many partners, few scopes, all verbs, two processes: what is granted and waitlisted never overlaps.
TEST_F(DealsTest, RandomLivesOnTwoProcessesNeverOverlap) {
  DealsProcess other(world_, "replica-2", kManySubmissions);
  const uint32_t seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  constexpr int kPartners = 6, kDealsEach = 5;
  const auto live = [&](rpc::Client& client, int partner) {
    std::mt19937 random(seed + partner);
    const std::string p = StrCat("p-", partner);
    const rpc::CallOptions user = User(p), manager = Manager();
    const char* regions[] = {"cn-50", "cn-51", "cn"};
    for (int i = 0; i < kDealsEach; ++i) {
      const char* customer = random() % 2 == 0 ? "Contoso Ltd." : "CONTOSO";
      std::vector<std::string> lines = {"a"};
      if (random() % 2 == 0) lines.emplace_back("b");
      const int start = random() % 20, days = 1 + random() % 20;
      const Date from = Date::Parse("2026-08-01")->AddDays(start);
      const auto draft = Draft(p, StrCat("d-", i), customer, lines, {regions[random() % 3]}, from.ToString().c_str(),
                               from.AddDays(days).ToString().c_str());
      const auto made = client.Call<v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), draft, user);
      ASSERT_THAT(made, IsOk());
      const auto act = [&](auto request, const char* verb, const rpc::CallOptions& as) {
        request.set_name(made->name());
        const auto reply = client.Call<v1::DealRegistration>(StrCat(kDeals, verb, "DealRegistration"), request, as);
        // A verb may come too late or too early; anything else is wrong.
        if (!reply.ok()) {
          ASSERT_THAT(reply, HasReason(Reason::kStateConflict));
        }
      };
      act(v1::SubmitDealRegistrationRequest(), "Submit", user);
      for (int step = 0; step < 4; ++step) {
        v1::RejectDealRegistrationRequest reject;
        reject.set_note("no");
        v1::AppealDealRegistrationRequest appeal;
        appeal.set_note("but");
        v1::RenewDealRegistrationRequest renew;
        *renew.mutable_effective_to() = wire::ToProto(from.AddDays(days + 3 + step));
        switch (random() % 7) {
          case 0:
          case 1:
            act(v1::ApproveDealRegistrationRequest(), "Approve", manager);
            break;
          case 2:
            act(reject, "Reject", manager);
            break;
          case 3:
            if (step < 2) act(appeal, "Appeal", user);
            break;
          case 4:
            act(v1::AcceptDealRegistrationRequest(), "Accept", user);
            break;
          case 5:
            if (step < 2) act(v1::LoseDealRegistrationRequest(), "Lose", user);
            break;
          default:
            act(renew, "Renew", user);
            break;
        }
        if (step == 3) act(v1::ApproveDealRegistrationRequest(), "Approve", manager);
      }
    }
  };
  std::vector<std::thread> partners;
  for (int i = 1; i <= kPartners; ++i) {
    partners.emplace_back([&, i] { live(i % 2 == 0 ? process_.client() : other.client(), i); });
  }
  for (std::thread& partner : partners) partner.join();
  // Of different partners: a partner's own may overlap.
  std::map<std::string, std::set<std::string>> holders;
  int granted = 0;
  for (int p = 1; p <= kPartners; ++p) {
    for (int i = 0; i < kDealsEach; ++i) {
      const v1::DealRegistration deal = Get(StrCat("partners/p-", p, "/deals/d-", i));
      for (const auto* boxes : {&deal.granted_boxes(), &deal.waitlisted_boxes()}) {
        for (const auto& box : *boxes) {
          ++granted;
          for (const auto& line : box.product_lines()) {
            for (const auto& region : box.regions()) {
              for (int day = wire::FromProto(box.effective_from())->days();
                   day < wire::FromProto(box.effective_to())->days(); ++day) {
                holders[StrCat(line, " ", region, " ", day)].insert(StrCat("p-", p));
              }
            }
          }
        }
      }
    }
  }
  EXPECT_GT(granted, kPartners);
  for (const auto& [cell, partner_names] : holders) EXPECT_THAT(partner_names, SizeIs(1)) << cell << " seed " << seed;
}

TEST_F(DealsTest, StaffSeesWhichRegistrationsAreForOneCustomer) {
  ASSERT_THAT(Register(First()), IsOk());
  ASSERT_THAT(Register(Second()), IsOk());
  ASSERT_THAT(Register(Draft("p-3", "d-3", "Contoso", {}, {"cn"}, "2026-08-01", "2026-09-01")), IsOk());
  const auto similar = Do<v1::FindSimilarDealsRequest, v1::FindSimilarDealsResponse>(StrCat(kDeals, "FindSimilarDeals"),
                                                                                     kSecond, Manager());
  ASSERT_THAT(similar, IsOk());
  ASSERT_THAT(similar->similar_deals(), SizeIs(1));
  EXPECT_EQ(similar->similar_deals(0).deal(), kFirst);
  EXPECT_THAT(similar->similar_deals(0).reason(), HasSubstr("short name"));
  EXPECT_EQ(CellsOf(similar->similar_deals(0).shared_boxes()), 66);
  const auto refused = Do<v1::FindSimilarDealsRequest, v1::FindSimilarDealsResponse>(StrCat(kDeals, "FindSimilarDeals"),
                                                                                     kSecond, User("p-2"));
  EXPECT_THAT(refused, HasReason(Reason::kPermissionDenied));
}

// A process that starts late reads what is registered.
TEST_F(DealsTest, ANewProcessKnowsAllCustomers) {
  ASSERT_THAT(Register(First()), IsOk());
  DealsProcess fresh(world_, "fresh", kManySubmissions);
  const auto made = Call<v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), Second(), User("p-2"));
  ASSERT_THAT(made, IsOk());
  v1::SubmitDealRegistrationRequest submit;
  submit.set_name(kSecond);
  const auto deal =
      fresh.client().Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, User("p-2"));
  ASSERT_THAT(deal, IsOk());
  EXPECT_TRUE(deal->has_conflict());
}

TEST_F(DealsTest, BadInput) {
  v1::CreateEvidenceRequest evidence;
  evidence.set_parent(kFirst);
  evidence.mutable_evidence()->set_kind(v1::Evidence::MEETING);
  *evidence.mutable_evidence()->mutable_evidence_date() = wire::ToProto(*Date::Parse("2026-06-10"));
  EXPECT_THAT(Call<v1::Evidence>(StrCat(kEvidence, "CreateEvidence"), evidence, User("p-1")),
              HasReason(Reason::kNotFound));
  ASSERT_THAT(Register(First()), IsOk());
  evidence.mutable_evidence()->set_document("invoice 7");
  *evidence.mutable_evidence()->mutable_evidence_date() = wire::ToProto(*Date::Parse("2026-07-09"));
  const auto refused = Call<v1::Evidence>(StrCat(kEvidence, "CreateEvidence"), evidence, User("p-1"));
  EXPECT_THAT(refused, Blames("evidence.document"));
  EXPECT_THAT(refused, Blames("evidence.evidence_date"));
  evidence.mutable_evidence()->clear_kind();
  EXPECT_THAT(Call<v1::Evidence>(StrCat(kEvidence, "CreateEvidence"), evidence, User("p-1")), Blames("evidence.kind"));

  v1::RejectDealRegistrationRequest reject;
  reject.set_name(kFirst);
  EXPECT_THAT(Call<v1::DealRegistration>(StrCat(kDeals, "RejectDealRegistration"), reject, Manager()), Blames("note"));
  reject.set_note("no");
  EXPECT_THAT(Call<v1::DealRegistration>(StrCat(kDeals, "RejectDealRegistration"), reject, User("p-1")),
              HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve("partners/p-1/deals/none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Do<v1::AcceptDealRegistrationRequest>(StrCat(kDeals, "AcceptDealRegistration"), kFirst, User("p-1")),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT((Do<v1::GetContestRequest, v1::Contest>(StrCat(kContests, "GetContest"), "contests/none", Manager())),
              HasReason(Reason::kNotFound));
  Policy("v1");
  EXPECT_THAT((Do<v1::ActivateAdjudicationPolicyRequest, v1::AdjudicationPolicy>(
                  StrCat(kPolicies, "ActivateAdjudicationPolicy"), "adjudicationPolicies/v1", Manager())),
              HasReason(Reason::kStateConflict));
  v1::CreateAdjudicationPolicyRequest policy;
  policy.mutable_adjudication_policy()->set_contest_days(61);
  EXPECT_THAT(Call<v1::AdjudicationPolicy>(StrCat(kPolicies, "CreateAdjudicationPolicy"), policy, Manager()),
              Blames("adjudication_policy.contest_days"));
  // One is active at a time.
  Policy("v2");
  v1::ListAdjudicationPoliciesRequest list;
  const auto policies =
      Call<v1::ListAdjudicationPoliciesResponse>(StrCat(kPolicies, "ListAdjudicationPolicies"), list, Manager());
  ASSERT_THAT(policies, IsOk());
  ASSERT_THAT(policies->adjudication_policies(), SizeIs(2));
  EXPECT_EQ(policies->adjudication_policies(0).state(), v1::AdjudicationPolicy::RETIRED);
  EXPECT_EQ(policies->adjudication_policies(1).state(), v1::AdjudicationPolicy::ACTIVE);
}

}  // namespace
}  // namespace tributary::conflict
