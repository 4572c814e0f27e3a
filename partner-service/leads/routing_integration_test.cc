// Routing over the wire: turns, capacity, shares and territory, and what concurrent decisions keep of them.

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "partner-service/leads/testing_leads.h"

namespace tributary::partner {
namespace {

using ::testing::SizeIs;

class LeadRoutingTest : public LeadsTest {};

TEST_F(LeadRoutingTest, TurnsAndCapacity) {
  for (const char* id : {"p-1", "p-2"}) MakePartner(id);
  std::map<std::string, int> offers;
  std::string last;
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK(CreateLead(StrCat("l-", i)));
    ++offers[Route(StrCat("l-", i))->partner()];
  }
  EXPECT_EQ(offers["partners/p-1"], 2);
  EXPECT_EQ(offers["partners/p-2"], 2);
  // Both hold as many as they may.
  ASSERT_OK(CreateLead("l-4"));
  ASSERT_OK_AND_ASSIGN(auto full, Route("l-4"));
  EXPECT_EQ(full.partner(), "");
  EXPECT_EQ(full.ranking(0).outcome(), v1::RoutingRow::AT_CAPACITY);
  EXPECT_EQ(full.ranking(0).open_offers(), 2);
  // Over all policies.
  v1::RoutingPolicy other;
  other.set_proximity_weight(100);
  other.set_capacity(2);
  other.set_offer_hours(1);
  ASSERT_OK(CreatePolicy("other", other));
  EXPECT_EQ(Route("l-4", "other")->partner(), "");
  // One that is accepted is no longer open; one that ran out of time neither.
  ASSERT_OK(Accept(*manager_, GetLead("l-0")->offer()));
  EXPECT_EQ(Route("l-4")->partner(), "partners/p-1");
}

TEST_F(LeadRoutingTest, SharesAreKeptAndSimulated) {
  for (const char* id : {"p-1", "p-2", "p-3"}) MakePartner(id);
  v1::RoutingPolicy policy;
  policy.set_proximity_weight(100);
  policy.set_capacity(1000);
  policy.set_offer_hours(1);
  for (int i = 1; i <= 3; ++i) {
    auto* terms = policy.add_partner_terms();
    terms->set_partner(StrCat("partners/p-", i));
    terms->set_share(4 - i);
  }
  ASSERT_OK(CreatePolicy("shares", policy));
  v1::SimulateRoutingPolicyRequest simulate;
  simulate.set_name("routingPolicies/shares");
  for (int i = 0; i < 60; ++i) *simulate.add_leads() = LeadIn();
  const auto run = [&] {
    auto simulated = Call<v1::RoutingSimulation>(StrCat(kPolicies, "SimulateRoutingPolicy"), simulate);
    if (simulated.ok()) {
      for (v1::RoutingDecision& decision : *simulated->mutable_decisions()) decision.clear_create_time();
    }
    return simulated;
  };
  ASSERT_OK_AND_ASSIGN(const auto simulated, run());
  ASSERT_THAT(simulated.totals(), SizeIs(3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(simulated.totals(i).partner(), StrCat("partners/p-", i + 1));
    EXPECT_EQ(simulated.totals(i).offers(), 30 - 10 * i);
  }
  // It stored nothing: it says the same again, and the leads go where it said.
  EXPECT_EQ(run()->SerializeAsString(), simulated.SerializeAsString());
  for (int i = 0; i < 12; ++i) {
    ASSERT_OK(CreateLead(StrCat("l-", i)));
    EXPECT_EQ(Route(StrCat("l-", i), "shares")->partner(), simulated.decisions(i).partner()) << i;
  }
  simulate.mutable_leads(3)->set_region("regions/none");
  EXPECT_THAT(run(), HasReason(Reason::kReferenceNotFound));
  simulate.mutable_leads(3)->set_region("none");
  EXPECT_THAT(run(), Blames("leads[3].region"));
}

TEST_F(LeadRoutingTest, AnExclusiveGrantComesFirst) {
  MakePartner("p-1");
  MakePartner("p-2", "regions/or");
  Grant("p-2", v1::TerritoryGrant::EXCLUSIVE);
  ASSERT_OK(CreateLead("l-1"));
  ASSERT_OK_AND_ASSIGN(const auto decision, Route("l-1"));
  EXPECT_EQ(decision.partner(), "partners/p-2");
  EXPECT_EQ(decision.ranking(1).outcome(), v1::RoutingRow::EXCLUSIVE_ELSEWHERE);
  ASSERT_OK(Decline(*manager_, GetLead("l-1")->offer()));
  EXPECT_EQ(Route("l-1")->partner(), "partners/p-1");
}

// Sixteen leads routed at once, and every offer answered twice at once: capacity and turns hold, and one answer counts.
TEST_F(LeadRoutingTest, ConcurrentDecisionsKeepTurnsAndCapacity) {
  for (const char* id : {"p-1", "p-2", "p-3"}) MakePartner(id);
  constexpr int kCount = 16;
  for (int i = 0; i < kCount; ++i) ASSERT_OK(CreateLead(StrCat("l-", i)));
  std::atomic<int> offered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kCount; ++i) {
    threads.emplace_back([&, i] {
      const auto decision = Route(StrCat("l-", i));
      ASSERT_OK(decision);
      offered += decision->partner().empty() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(offered, 6);  // three partners, two open offers each
  std::map<std::string, int> by_partner;
  std::vector<std::string> names = OffersSeen(*manager_, "leads/-", "");
  for (const std::string& name : names) ++by_partner[GetOffer(*manager_, name)->partner()];
  for (const auto& [partner, count] : by_partner) EXPECT_EQ(count, 2) << partner;

  threads.clear();
  std::atomic<int> answered = 0;
  for (const std::string& name : names) {
    for (const bool accept : {true, false}) {
      threads.emplace_back([&, name, accept] {
        const absl::Status status = accept ? Accept(*manager_, name).status() : Decline(*manager_, name).status();
        if (status.ok()) {
          ++answered;
        } else {
          EXPECT_THAT(status, HasReason(Reason::kStateConflict));
        }
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, static_cast<int>(names.size()));
  for (const std::string& name : names) {
    const v1::LeadOffer offer = *GetOffer(*manager_, name);
    const v1::Lead lead = *GetLead(name.substr(6, name.find('/', 6) - 6));
    EXPECT_EQ(offer.state() == v1::LeadOffer::ACCEPTED, lead.state() == v1::Lead::ACCEPTED) << name;
    EXPECT_EQ(offer.state() == v1::LeadOffer::DECLINED, lead.state() == v1::Lead::OPEN) << name;
  }
}

}  // namespace
}  // namespace tributary::partner
