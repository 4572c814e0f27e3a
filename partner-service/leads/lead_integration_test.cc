// Leads over the wire: from the lead to its partner, and who sees what.

#include <string>

#include "partner-service/leads/offer_expiry.h"
#include "partner-service/leads/testing_leads.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

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

}  // namespace
}  // namespace tributary::partner
