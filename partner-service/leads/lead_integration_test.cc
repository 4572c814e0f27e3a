// Leads over the wire: from the lead to its partner, who sees what, and what concurrent callers find.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/leads/offer_expiry.h"
#include "partner-service/testing_process.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/routing_policy.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kLeads[] = "tributary.partner.v1.LeadService/";
constexpr char kPolicies[] = "tributary.partner.v1.RoutingPolicyService/";

class LeadsTest : public ::testing::Test {
 protected:
  LeadsTest() {
    Regions();
    v1::RoutingPolicy policy;
    policy.set_territory_weight(40);
    policy.set_proximity_weight(30);
    policy.set_product_line_weight(20);
    policy.set_segment_weight(10);
    policy.set_capacity(2);
    policy.set_offer_hours(48);
    EXPECT_OK(CreatePolicy("2026-1", policy));
  }

  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(const std::string& method, Request request, rpc::Client* client = nullptr) {
    if constexpr (requires { request.set_request_id(""); }) request.set_request_id(NewRequestId());
    return (client == nullptr ? *manager_ : *client).Call<Reply>(method, request);
  }

  // us, and wa and or within it.
  void Regions() {
    api::v1::CreateImportRequest import;
    import.mutable_import()->set_target("regions");
    import.mutable_import()->set_mapping("test");
    import.mutable_import()->set_source_sha256(std::string(64, 'a'));
    const auto made = Call<api::v1::Import>("tributary.partner.v1.ImportService/CreateImport", import);
    ASSERT_OK(made);
    v1::BatchImportRegionsRequest batch;
    batch.set_import(made->name());
    for (const char* id : {"us", "wa", "or"}) {
      v1::RegionRow& row = *batch.add_rows();
      row.set_row(batch.rows_size() + 1);
      row.mutable_region()->set_name(StrCat("regions/", id));
      row.mutable_region()->set_scheme(v1::Region::CUSTOM);
      row.mutable_region()->set_code(id);
      row.mutable_region()->set_display_name(id);
      if (batch.rows_size() > 1) row.mutable_region()->set_parent_region("regions/us");
    }
    const auto stored =
        Call<api::v1::BatchImportResponse>("tributary.partner.v1.RegionService/BatchImportRegions", batch);
    ASSERT_OK(stored);
    ASSERT_EQ(stored->accepted(), 3);
  }

  // An ACTIVE partner.
  void MakePartner(const std::string& id, const std::string& home = "regions/wa") {
    const std::string name = "partners/" + id;
    v1::CreatePartnerRequest create;
    create.set_partner_id(id);
    create.mutable_partner()->set_legal_name("Acme");
    create.mutable_partner()->set_kind(v1::Partner::DEALER);
    create.mutable_partner()->set_currency("USD");
    create.mutable_partner()->set_home_region(home);
    ASSERT_OK(Call<v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", create));
    v1::CreateAgreementRequest agreement;
    agreement.set_parent(name);
    agreement.set_agreement_id("main");
    agreement.mutable_agreement()->set_title("Terms");
    agreement.mutable_agreement()->set_text("We agree.");
    *agreement.mutable_agreement()->mutable_effective_from() = wire::ToProto(Date::FromDays(0));
    const auto terms = Call<v1::Agreement>("tributary.partner.v1.AgreementService/CreateAgreement", agreement);
    ASSERT_OK(terms);
    v1::ProposeAgreementRequest propose;
    propose.set_name(terms->name());
    ASSERT_OK(Call<v1::Agreement>("tributary.partner.v1.AgreementService/ProposeAgreement", propose));
    v1::SignAgreementRequest sign;
    sign.set_name(terms->name());
    sign.set_text_sha256(terms->text_sha256());
    ASSERT_OK(Call<v1::Agreement>("tributary.partner.v1.AgreementService/SignAgreement", sign));
    v1::ActivatePartnerRequest activate;
    activate.set_name(name);
    ASSERT_OK(Call<v1::Partner>("tributary.partner.v1.PartnerService/ActivatePartner", activate));
  }
  void Suspend(const std::string& id) {
    v1::SuspendPartnerRequest request;
    request.set_name("partners/" + id);
    ASSERT_OK(Call<v1::Partner>("tributary.partner.v1.PartnerService/SuspendPartner", request));
  }
  void Grant(const std::string& partner, v1::TerritoryGrant::Exclusivity exclusivity) {
    v1::CreateTerritoryGrantRequest request;
    request.set_parent("partners/" + partner);
    request.mutable_territory_grant()->add_regions("regions/us");
    request.mutable_territory_grant()->set_exclusivity(exclusivity);
    *request.mutable_territory_grant()->mutable_effective_from() = wire::ToProto(*Date::Parse("2010-10-01"));
    ASSERT_OK(Call<v1::TerritoryGrant>("tributary.partner.v1.TerritoryGrantService/CreateTerritoryGrant", request));
  }
  absl::StatusOr<v1::RoutingPolicy> CreatePolicy(const std::string& id, const v1::RoutingPolicy& policy) {
    v1::CreateRoutingPolicyRequest request;
    request.set_routing_policy_id(id);
    *request.mutable_routing_policy() = policy;
    return Call<v1::RoutingPolicy>(StrCat(kPolicies, "CreateRoutingPolicy"), request);
  }

  static v1::Lead LeadIn(const std::string& region = "regions/wa") {
    v1::Lead lead;
    lead.set_customer_name("Quayside Optics");
    lead.set_region(region);
    lead.add_product_lines("productLines/bikes");
    lead.set_need("Ten bikes");
    return lead;
  }
  absl::StatusOr<v1::Lead> CreateLead(const std::string& id, const v1::Lead& lead = LeadIn()) {
    v1::CreateLeadRequest request;
    request.set_lead_id(id);
    *request.mutable_lead() = lead;
    return Call<v1::Lead>(StrCat(kLeads, "CreateLead"), request);
  }
  absl::StatusOr<v1::Lead> GetLead(const std::string& id) {
    v1::GetLeadRequest request;
    request.set_name("leads/" + id);
    return Call<v1::Lead>(StrCat(kLeads, "GetLead"), request);
  }
  absl::StatusOr<v1::RoutingDecision> Route(const std::string& id, const std::string& policy = "2026-1") {
    v1::RouteLeadRequest request;
    request.set_name("leads/" + id);
    request.set_policy("routingPolicies/" + policy);
    return Call<v1::RoutingDecision>(StrCat(kLeads, "RouteLead"), request);
  }
  // The name of the offer that routing a new lead makes.
  std::string OfferOf(const std::string& id) {
    EXPECT_OK(CreateLead(id));
    EXPECT_OK(Route(id));
    return GetLead(id)->offer();
  }
  absl::StatusOr<v1::LeadOffer> GetOffer(rpc::Client& client, const std::string& name,
                                         const std::string& partner = "") {
    v1::GetLeadOfferRequest request;
    request.set_name(name);
    request.set_partner(partner);
    return Call<v1::LeadOffer>(StrCat(kLeads, "GetLeadOffer"), request, &client);
  }
  absl::StatusOr<v1::LeadOffer> Accept(rpc::Client& client, const std::string& name, const std::string& partner = "") {
    v1::AcceptLeadOfferRequest request;
    request.set_name(name);
    request.set_partner(partner);
    return Call<v1::LeadOffer>(StrCat(kLeads, "AcceptLeadOffer"), request, &client);
  }
  absl::StatusOr<v1::LeadOffer> Decline(rpc::Client& client, const std::string& name, const std::string& partner = "") {
    v1::DeclineLeadOfferRequest request;
    request.set_name(name);
    request.set_partner(partner);
    request.set_decline_reason("no people");
    return Call<v1::LeadOffer>(StrCat(kLeads, "DeclineLeadOffer"), request, &client);
  }
  std::vector<std::string> OffersSeen(rpc::Client& client, const std::string& parent, const std::string& partner) {
    v1::ListLeadOffersRequest request;
    request.set_parent(parent);
    request.set_partner(partner);
    request.set_page_size(1);
    std::vector<std::string> names;
    do {
      const auto page = Call<v1::ListLeadOffersResponse>(StrCat(kLeads, "ListLeadOffers"), request, &client);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::LeadOffer& offer : page->offers()) names.push_back(offer.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  void LetTimeRunOut(const std::string& offer) {
    const std::string id = offer.substr(offer.rfind('/') + 1);
    ASSERT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) {
      return sql.Execute("UPDATE lead_offer SET expire_time = ? WHERE id = ?", {absl::Now() - absl::Seconds(1), id})
          .status();
    }));
  }
  // "verb noun" of what was told under a key.
  std::vector<std::string> Told(const std::string& key) {
    EXPECT_OK(service_.feed().Refresh());
    const int shard = events::ShardOf(key);
    std::vector<events::Event> told;
    std::vector<events::Cursor> read_to;
    EXPECT_OK(service_.feed().Read(
        std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 1000, &told, &read_to,
        {{v1::Lead::descriptor()->full_name()}, {v1::LeadOffer::descriptor()->full_name()}}));
    std::vector<std::string> verbs;
    for (const events::Event& event : told) verbs.push_back(event.verb);
    return verbs;
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> manager_ = service_.Manager();
};

TEST_F(LeadsTest, FromTheLeadToThePartnerThatAcceptsIt) {
  MakePartner("p-1");
  MakePartner("p-2", "regions/us");
  Grant("p-2", v1::TerritoryGrant::NON_EXCLUSIVE);
  ASSERT_OK(CreateLead("l-1"));
  EXPECT_EQ(GetLead("l-1")->state(), v1::Lead::OPEN);
  ASSERT_OK_AND_ASSIGN(const v1::RoutingDecision decision, Route("l-1"));
  EXPECT_EQ(decision.name(), "leads/l-1/decisions/1");
  EXPECT_EQ(decision.policy(), "routingPolicies/2026-1");
  EXPECT_EQ(decision.partner(), "partners/p-2");
  EXPECT_EQ(decision.candidate_count(), 2);
  EXPECT_EQ(decision.inputs_sha256().size(), 64u);
  ASSERT_THAT(decision.ranking(), SizeIs(2));
  // 40x6 + 30x5 + 20x5 against 30x10; the segment is not told, so both may have 100 more.
  EXPECT_EQ(decision.ranking(0).outcome(), v1::RoutingRow::CHOSEN);
  EXPECT_EQ(decision.ranking(0).score(), 490);
  EXPECT_EQ(decision.ranking(0).score_high(), 590);
  EXPECT_EQ(decision.ranking(1).partner(), "partners/p-1");
  EXPECT_EQ(decision.ranking(1).outcome(), v1::RoutingRow::LOWER_SCORE);
  EXPECT_EQ(decision.ranking(1).score(), 300);
  EXPECT_EQ(decision.ranking(1).rank(), 2);

  ASSERT_OK_AND_ASSIGN(const v1::Lead offered, GetLead("l-1"));
  EXPECT_EQ(offered.state(), v1::Lead::OFFERED);
  EXPECT_EQ(offered.decision(), decision.name());
  EXPECT_THAT(Route("l-1"), HasReason(Reason::kStateConflict));
  const auto user = service_.UserOf("p-2");
  ASSERT_OK_AND_ASSIGN(const v1::LeadOffer offer, GetOffer(*user, offered.offer(), "partners/p-2"));
  EXPECT_EQ(offer.state(), v1::LeadOffer::OPEN);
  EXPECT_EQ(offer.customer_name(), "");
  EXPECT_EQ(offer.need(), "Ten bikes");
  EXPECT_EQ(offer.score(), 490);
  EXPECT_THAT(offer.terms(), SizeIs(4));
  EXPECT_EQ(GetOffer(*manager_, offered.offer())->customer_name(), "Quayside Optics");

  ASSERT_OK_AND_ASSIGN(const v1::LeadOffer accepted, Accept(*user, offered.offer(), "partners/p-2"));
  EXPECT_EQ(accepted.state(), v1::LeadOffer::ACCEPTED);
  EXPECT_EQ(accepted.customer_name(), "Quayside Optics");
  EXPECT_EQ(GetLead("l-1")->state(), v1::Lead::ACCEPTED);
  EXPECT_EQ(GetLead("l-1")->partner(), "partners/p-2");
  EXPECT_THAT(Accept(*user, offered.offer(), "partners/p-2"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Route("l-1"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Told("leads/l-1"), ElementsAre("created", "routed", "accepted"));
  EXPECT_THAT(Told("p-2"), ElementsAre("created", "accepted"));

  // The decision can be read whole, listed, and made again.
  v1::GetRoutingDecisionRequest get;
  get.set_name(decision.name());
  ASSERT_OK_AND_ASSIGN(const auto read, Call<v1::RoutingDecision>(StrCat(kLeads, "GetRoutingDecision"), get));
  EXPECT_EQ(read.SerializeAsString(), decision.SerializeAsString());
  v1::ReplayRoutingDecisionRequest replay;
  replay.set_name(decision.name());
  ASSERT_OK_AND_ASSIGN(auto again, Call<v1::ReplayedRoutingDecision>(StrCat(kLeads, "ReplayRoutingDecision"), replay));
  EXPECT_TRUE(again.reproduced());
  EXPECT_EQ(again.decision().SerializeAsString(), decision.SerializeAsString());
  get.set_name("leads/l-1/decisions/01");
  EXPECT_THAT(Call<v1::RoutingDecision>(StrCat(kLeads, "GetRoutingDecision"), get), HasReason(Reason::kNotFound));
  // Another world than the decision's: what is stored with it counts.
  Suspend("p-2");
  again = *Call<v1::ReplayedRoutingDecision>(StrCat(kLeads, "ReplayRoutingDecision"), replay);
  EXPECT_TRUE(again.reproduced());
  // Inputs that somebody changed underneath are found out.
  ASSERT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) {
    return sql.Execute("UPDATE routing_decision SET inputs = REPLACE(inputs, 'p-2', 'p-3')").status();
  }));
  EXPECT_FALSE(Call<v1::ReplayedRoutingDecision>(StrCat(kLeads, "ReplayRoutingDecision"), replay)->reproduced());
}

TEST_F(LeadsTest, WhoDeclinesOrLetsExpireIsNotAskedAgain) {
  for (const char* id : {"p-1", "p-2", "p-3"}) MakePartner(id);
  ASSERT_OK(CreateLead("l-1"));
  EXPECT_EQ(Route("l-1")->partner(), "partners/p-1");
  const std::string first = GetLead("l-1")->offer();
  v1::DeclineLeadOfferRequest no_reason;
  no_reason.set_name(first);
  EXPECT_THAT(Call<v1::LeadOffer>(StrCat(kLeads, "DeclineLeadOffer"), no_reason), Blames("decline_reason"));
  ASSERT_OK_AND_ASSIGN(const auto declined, Decline(*service_.UserOf("p-1"), first, "partners/p-1"));
  EXPECT_EQ(declined.state(), v1::LeadOffer::DECLINED);
  EXPECT_EQ(declined.decline_reason(), "no people");
  EXPECT_EQ(declined.customer_name(), "");
  EXPECT_EQ(GetLead("l-1")->state(), v1::Lead::OPEN);

  EXPECT_EQ(Route("l-1")->partner(), "partners/p-2");
  const std::string second = GetLead("l-1")->offer();
  LetTimeRunOut(second);
  EXPECT_EQ(GetOffer(*manager_, second)->state(), v1::LeadOffer::EXPIRED);
  EXPECT_THAT(Accept(*service_.UserOf("p-2"), second, "partners/p-2"), HasReason(Reason::kStateConflict));
  // Routing ends it by itself.
  ASSERT_OK_AND_ASSIGN(const auto third, Route("l-1"));
  EXPECT_EQ(third.partner(), "partners/p-3");
  EXPECT_EQ(third.name(), "leads/l-1/decisions/3");
  EXPECT_THAT(third.ranking(1).outcome(), v1::RoutingRow::LET_EXPIRE);
  EXPECT_THAT(third.ranking(2).outcome(), v1::RoutingRow::DECLINED);

  v1::ExpireLeadOfferRequest expire;
  expire.set_name(GetLead("l-1")->offer());
  EXPECT_EQ(Call<v1::LeadOffer>(StrCat(kLeads, "ExpireLeadOffer"), expire)->state(), v1::LeadOffer::EXPIRED);
  EXPECT_THAT(Call<v1::LeadOffer>(StrCat(kLeads, "ExpireLeadOffer"), expire), HasReason(Reason::kStateConflict));
  // Nobody is left: that is a decision, too.
  ASSERT_OK_AND_ASSIGN(const auto nobody, Route("l-1"));
  EXPECT_EQ(nobody.partner(), "");
  EXPECT_THAT(nobody.ranking(), SizeIs(3));
  EXPECT_EQ(GetLead("l-1")->state(), v1::Lead::OPEN);
  v1::ListRoutingDecisionsRequest list;
  list.set_parent("leads/l-1");
  list.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(auto page, Call<v1::ListRoutingDecisionsResponse>(StrCat(kLeads, "ListRoutingDecisions"), list));
  EXPECT_THAT(page.decisions(), SizeIs(3));
  list.set_page_token(page.next_page_token());
  page = *Call<v1::ListRoutingDecisionsResponse>(StrCat(kLeads, "ListRoutingDecisions"), list);
  ASSERT_THAT(page.decisions(), SizeIs(1));
  EXPECT_EQ(page.decisions(0).name(), "leads/l-1/decisions/4");
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_THAT(Told("leads/l-1"),
              ElementsAre("created", "routed", "reopened", "routed", "reopened", "routed", "reopened", "routed"));
}

TEST_F(LeadsTest, OffersExpireByThemselvesOnce) {
  MakePartner("p-1");
  const std::string offer = OfferOf("l-1");
  const SystemClock clock;
  int told = 0;
  OfferExpiry expiry(service_.database(), clock, [&] { ++told; });
  EXPECT_THAT(expiry.ExpireDue(), IsOkAndHolds(0));
  LetTimeRunOut(offer);
  EXPECT_THAT(expiry.ExpireDue(), IsOkAndHolds(1));
  EXPECT_THAT(expiry.ExpireDue(), IsOkAndHolds(0));
  EXPECT_EQ(told, 1);
  EXPECT_EQ(GetLead("l-1")->state(), v1::Lead::OPEN);
  EXPECT_THAT(Told("p-1"), ElementsAre("created", "expired"));
}

TEST_F(LeadsTest, TurnsAndCapacity) {
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

TEST_F(LeadsTest, SharesAreKeptAndSimulated) {
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

TEST_F(LeadsTest, AnExclusiveGrantComesFirst) {
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

// A partner sees its own offers; others' are answered as those that are not there.
TEST_F(LeadsTest, APartnerSeesItsOwnRowOnly) {
  MakePartner("p-1");
  MakePartner("p-2");
  const std::string one = OfferOf("l-1"), two = OfferOf("l-2");
  ASSERT_EQ(GetOffer(*manager_, one)->partner(), "partners/p-1");
  ASSERT_EQ(GetOffer(*manager_, two)->partner(), "partners/p-2");
  const auto user = service_.UserOf("p-1");
  EXPECT_OK(GetOffer(*user, one, "partners/p-1"));
  EXPECT_OK(GetOffer(*user, one, "partners/-"));
  EXPECT_THAT(OffersSeen(*user, "leads/-", "partners/p-1"), ElementsAre(one));
  EXPECT_THAT(OffersSeen(*user, "leads/-", "partners/-"), ElementsAre(one));
  EXPECT_THAT(OffersSeen(*user, "leads/l-2", "partners/-"), IsEmpty());
  EXPECT_THAT(OffersSeen(*user, "leads/none", "partners/-"), IsEmpty());
  EXPECT_THAT(OffersSeen(*manager_, "leads/-", ""), SizeIs(2));
  EXPECT_THAT(OffersSeen(*manager_, "leads/-", "partners/p-2"), ElementsAre(two));

  // Without saying whose, or saying another's: refused alike, whatever is there.
  for (const std::string& partner : {std::string(), std::string("partners/p-2"), std::string("partners/none")}) {
    for (const std::string& name : {one, two, std::string("leads/l-9/offers/none")}) {
      EXPECT_THAT(GetOffer(*user, name, partner), HasReason(Reason::kPermissionDenied));
      EXPECT_THAT(Accept(*user, name, partner), HasReason(Reason::kPermissionDenied));
      EXPECT_THAT(Decline(*user, name, partner), HasReason(Reason::kPermissionDenied));
    }
  }
  // Its own partner, another's offer: as one that is not there, but for the name that was asked for.
  const std::string absent = "leads/l-2/offers/" + one.substr(one.rfind('/') + 1);
  const auto shape = [](const absl::Status& status, const std::string& name) {
    std::string text = status.ToString();
    for (size_t at; (at = text.find(name)) != std::string::npos;) text.replace(at, name.size(), "<asked>");
    return text;
  };
  const auto alike = [&](auto ask) {
    EXPECT_THAT(ask(two), HasReason(Reason::kNotFound));
    EXPECT_THAT(ask(absent), HasReason(Reason::kNotFound));
    EXPECT_EQ(shape(ask(two), two), shape(ask(absent), absent));
  };
  alike([&](const std::string& name) { return GetOffer(*user, name, "partners/p-1").status(); });
  alike([&](const std::string& name) { return Accept(*user, name, "partners/p-1").status(); });
  alike([&](const std::string& name) { return Decline(*user, name, "partners/p-1").status(); });
  EXPECT_EQ(GetLead("l-2")->state(), v1::Lead::OFFERED);

  // Leads, decisions and policies are the vendor's.
  const auto denied = [&]<typename Reply, typename Request>(const std::string& method, Request request, Reply) {
    request.set_name(method.find("Polic") == std::string::npos ? "leads/l-1" : "routingPolicies/2026-1");
    EXPECT_THAT(Call<Reply>(method, request, user.get()), HasReason(Reason::kPermissionDenied)) << method;
  };
  denied(StrCat(kLeads, "GetLead"), v1::GetLeadRequest(), v1::Lead());
  denied(StrCat(kLeads, "GetRoutingDecision"), v1::GetRoutingDecisionRequest(), v1::RoutingDecision());
  denied(StrCat(kPolicies, "GetRoutingPolicy"), v1::GetRoutingPolicyRequest(), v1::RoutingPolicy());

  // What a partner is shown names neither others nor how many there are.
  const v1::LeadOffer seen = *GetOffer(*user, one, "partners/p-1");
  EXPECT_THAT(seen.ShortDebugString(), Not(HasSubstr("p-2")));
}

TEST_F(LeadsTest, BadInputIsNamed) {
  v1::Lead lead = LeadIn("regions/none");
  EXPECT_THAT(CreateLead("l-1", lead), HasReason(Reason::kReferenceNotFound));
  lead = LeadIn("wa");
  EXPECT_THAT(CreateLead("l-1", lead), Blames("lead.region"));
  lead = LeadIn();
  lead.set_customer_name("a\nb");
  EXPECT_THAT(CreateLead("l-1", lead), Blames("lead.customer_name"));
  lead = LeadIn();
  lead.add_product_lines("bikes");
  EXPECT_THAT(CreateLead("l-1", lead), Blames("lead.product_lines[1]"));
  ASSERT_OK(CreateLead("l-1"));
  EXPECT_THAT(CreateLead("l-1"), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Route("l-1", "none"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Route("none"), HasReason(Reason::kNotFound));
  v1::RoutingPolicy policy;
  policy.set_capacity(1);
  policy.set_offer_hours(1);
  EXPECT_THAT(CreatePolicy("p", policy), Blames("routing_policy.territory_weight"));
  policy.set_territory_weight(100);
  policy.set_offer_hours(0);
  EXPECT_THAT(CreatePolicy("p", policy), Blames("routing_policy.offer_hours"));
  policy.set_offer_hours(1);
  policy.add_partner_terms()->set_partner("p-1");
  EXPECT_THAT(CreatePolicy("p", policy), Blames("routing_policy.partner_terms[0].partner"));
  EXPECT_THAT(
      CreatePolicy("2026-1", v1::RoutingPolicy(*Call<v1::RoutingPolicy>(StrCat(kPolicies, "GetRoutingPolicy"),
                                                                        [] {
                                                                          v1::GetRoutingPolicyRequest get;
                                                                          get.set_name("routingPolicies/2026-1");
                                                                          return get;
                                                                        }()))),
      HasReason(Reason::kAlreadyExists));
}

// Sixteen leads routed at once, and every offer answered twice at once: capacity and turns hold, and one answer counts.
TEST_F(LeadsTest, ConcurrentDecisionsKeepTurnsAndCapacity) {
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
