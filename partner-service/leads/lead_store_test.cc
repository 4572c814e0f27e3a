#include "partner-service/leads/lead_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/leads/routing_proto.h"
#include "partner-service/leads/routing_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/territory_grants/territory_grant_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class LeadStoreTest : public StoreTest {
 protected:
  Lead LeadOf(std::string id) {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .customer_name = "码头光学",
            .region = "regions/wa",
            .product_lines = {"productLines/bikes", "productLines/helmets"},
            .segment = "edu",
            .need = "Ten\nbikes"};
  }
  LeadOffer OfferOf(std::string lead_id, std::string partner_id, absl::Time expire_time = kNow + absl::Hours(1)) {
    LeadOffer offer = NewOffer(LeadOf(std::move(lead_id)), partner_id, expire_time, kNow);
    offer.score = 690;
    offer.terms = {{"territory", 40, 240, 240}, {"segment", 10, 0, 100}};
    return offer;
  }
  absl::Status Create(const Lead& lead) {
    return Do([&](mysql::Transaction& sql) { return leads_.Create(sql, lead); });
  }
  absl::Status Create(const LeadOffer& offer) {
    return Do([&](mysql::Transaction& sql) { return offers_.Create(sql, offer); });
  }
  absl::StatusOr<LeadOffer> GetOffer(const LeadOffer& offer, std::string_view partner_id = "") {
    return Ask<LeadOffer>(
        [&](mysql::Transaction& sql) { return offers_.Get(sql, offer.lead_id, offer.id, partner_id); });
  }
  // "lead partner", page by page.
  std::vector<std::string> Offers(std::string_view lead_id, std::string_view partner_id,
                                  const std::string& filter = "") {
    std::vector<std::string> found;
    for (const LeadOffer& offer : All<LeadOffer>(
             LeadOfferStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return offers_.List(sql, lead_id, partner_id, page); },
             [](const LeadOffer&last) {
               return std::vector{last.lead_id, last.id};
             })) {
      found.push_back(StrCat(offer.lead_id, " ", offer.partner_id));
    }
    return found;
  }
  LeadStore leads_;
  LeadOfferStore offers_;
};

TEST_F(LeadStoreTest, ALeadIsReadAsItWasWrittenAndChangedOverItsVersion) {
  const Lead lead = LeadOf("l-1");
  ASSERT_OK(Create(lead));
  EXPECT_THAT(Create(lead), HasReason(Reason::kAlreadyExists));
  const auto get = [&] { return Ask<Lead>([&](mysql::Transaction& sql) { return leads_.Get(sql, "l-1"); }); };
  ASSERT_OK_AND_ASSIGN(const Lead read, get());
  EXPECT_EQ(read.revision, lead.revision);
  EXPECT_EQ(read.state, LeadState::kOpen);
  EXPECT_EQ(read.customer_name, "码头光学");
  EXPECT_EQ(read.region, "regions/wa");
  EXPECT_EQ(read.product_lines, lead.product_lines);
  EXPECT_EQ(read.segment, "edu");
  EXPECT_EQ(read.need, "Ten\nbikes");
  EXPECT_EQ(read.decisions, 0);
  const LeadOffer offer = OfferOf("l-1", "p-1");
  const Lead accepted = Accepted(Offered(read, offer, kNow), offer, kNow);
  Lead offered = Offered(read, offer, kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return leads_.Update(sql, offered); }));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return leads_.Update(sql, accepted); }));
  ASSERT_OK_AND_ASSIGN(const Lead after, get());
  EXPECT_EQ(after.state, LeadState::kAccepted);
  EXPECT_EQ(after.partner_id, "p-1");
  EXPECT_EQ(after.offer_id, offer.id);
  EXPECT_EQ(after.decisions, 1);
  EXPECT_EQ(after.revision.version, 3);

  ASSERT_OK(Create(LeadOf("l-2")));
  const auto ids = [&](const std::string& filter) {
    std::vector<std::string> found;
    for (const Lead& one : All<Lead>(
             LeadStore::Fields(), 1, filter,
             [&](mysql::Transaction&sql, const Page&page) { return leads_.List(sql, page); },
             [](const Lead&last) { return std::vector{last.id}; })) {
      found.push_back(one.id);
    }
    return found;
  };
  EXPECT_THAT(ids(""), ElementsAre("l-1", "l-2"));
  EXPECT_THAT(ids("state = OPEN"), ElementsAre("l-2"));
  EXPECT_THAT(ids("partner = \"partners/p-1\""), ElementsAre("l-1"));
  EXPECT_THAT(ids("partner = \"\""), ElementsAre("l-2"));
}

TEST_F(LeadStoreTest, AnOfferIsReadAsItWasWrittenAndByItsPartnerAlone) {
  const LeadOffer offer = OfferOf("l-1", "p-1");
  ASSERT_OK(Create(offer));
  ASSERT_OK_AND_ASSIGN(const LeadOffer read, GetOffer(offer, "p-1"));
  EXPECT_EQ(read.name(), offer.name());
  EXPECT_EQ(read.revision, offer.revision);
  EXPECT_EQ(read.state, OfferState::kOpen);
  EXPECT_EQ(read.expire_time, offer.expire_time);
  EXPECT_EQ(read.customer_name, offer.customer_name);
  EXPECT_EQ(read.product_lines, offer.product_lines);
  EXPECT_EQ(read.need, offer.need);
  EXPECT_EQ(read.score, 690);
  EXPECT_EQ(read.terms, offer.terms);
  EXPECT_OK(GetOffer(offer));
  // Another's is answered as one that is not there.
  const absl::Status foreign = GetOffer(offer, "p-2").status();
  EXPECT_THAT(foreign, HasReason(Reason::kNotFound));
  LeadOffer none = offer;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return offers_.Update(sql, *Decline(read, "busy", kNow)); }));
  EXPECT_EQ(GetOffer(offer)->decline_reason, "busy");
  EXPECT_EQ(GetOffer(offer)->state, OfferState::kDeclined);
  none.lead_id = "l-9";
  EXPECT_THAT(GetOffer(none, "p-2"), HasReason(Reason::kNotFound));
}

TEST_F(LeadStoreTest, OffersOfALeadOfAPartnerAndOfAll) {
  for (const char* lead : {"l-1", "l-2"}) {
    for (const char* partner : {"p-1", "p-2", "p-3"}) ASSERT_OK(Create(OfferOf(lead, partner)));
  }
  EXPECT_THAT(Offers("", ""), SizeIs(6));
  EXPECT_THAT(Offers("l-1", ""), UnorderedElementsAre("l-1 p-1", "l-1 p-2", "l-1 p-3"));
  EXPECT_THAT(Offers("", "p-2"), ElementsAre("l-1 p-2", "l-2 p-2"));
  EXPECT_THAT(Offers("l-2", "p-2"), ElementsAre("l-2 p-2"));
  EXPECT_THAT(Offers("", "p-2", "state = DECLINED"), IsEmpty());
  EXPECT_THAT(Offers("", "p-9"), IsEmpty());
}

TEST_F(LeadStoreTest, OpenOffersPastOnesAndThoseThatAreDue) {
  const LeadOffer early = OfferOf("l-1", "p-1", kNow + absl::Seconds(1));
  const LeadOffer late = OfferOf("l-2", "p-1", kNow + absl::Hours(1));
  const LeadOffer declined = OfferOf("l-1", "p-2");
  for (const LeadOffer& offer : {early, late, declined}) ASSERT_OK(Create(offer));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return offers_.Update(sql, *Decline(declined, "busy", kNow)); }));
  const auto open = [&](absl::Time now) {
    return *Ask<absl::flat_hash_map<std::string, int>>(
        [&](mysql::Transaction& sql) { return offers_.OpenByPartner(sql, now); });
  };
  EXPECT_THAT(open(kNow), ElementsAre(Pair("p-1", 2)));
  EXPECT_THAT(open(kNow + absl::Seconds(1)), ElementsAre(Pair("p-1", 1)));
  const auto due = [&](absl::Time now) {
    return *Ask<std::vector<std::pair<std::string, std::string>>>(
        [&](mysql::Transaction& sql) { return offers_.Due(sql, now, 10); });
  };
  EXPECT_THAT(due(kNow), IsEmpty());
  EXPECT_THAT(due(kNow + absl::Seconds(1)), ElementsAre(Pair("l-1", early.id)));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return offers_.Update(sql, *Expire(early, kNow)); }));
  EXPECT_THAT(due(kNow + absl::Hours(2)), ElementsAre(Pair("l-2", late.id)));
  const auto past = Ask<absl::flat_hash_map<std::string, PastOffer>>(
      [&](mysql::Transaction& sql) { return offers_.PastOf(sql, "l-1"); });
  ASSERT_OK(past);
  EXPECT_THAT(*past, UnorderedElementsAre(Pair("p-1", PastOffer::kExpired), Pair("p-2", PastOffer::kDeclined)));
}

class RoutingStoreTest : public StoreTest {
 protected:
  void MakePartner(const std::string& id, PartnerState state, const std::string& home) {
    const Partner partner{.id = id,
                          .revision = Revision::First(kNow),
                          .state = state,
                          .legal_name = "Acme",
                          .home_region = home,
                          .currency = "CNY"};
    ASSERT_OK(Ask<Partner>([&](mysql::Transaction& sql) { return partners_.Create(sql, partner); }));
  }
  void Grant(const std::string& partner, const std::string& id, std::vector<std::string> regions, const char* from,
             const char* to = nullptr, GrantState state = GrantState::kActive) {
    const TerritoryGrant grant{.partner_id = partner,
                               .id = id,
                               .revision = Revision::First(kNow),
                               .state = state,
                               .regions = std::move(regions),
                               .product_lines = {"productLines/bikes"},
                               .segments = {"edu"},
                               .exclusivity = Exclusivity::kHelper,
                               .effective = {*Date::Parse(from), to == nullptr ? OpenEnd() : *Date::Parse(to)}};
    ASSERT_OK(Ask<TerritoryGrant>([&](mysql::Transaction& sql) { return grants_.Create(sql, grant); }));
  }
  absl::StatusOr<std::vector<NearbyPartner>> Nearby(std::vector<std::string> regions, const char* day,
                                                    int limit = 100) {
    return Ask<std::vector<NearbyPartner>>(
        [&](mysql::Transaction& sql) { return routing_.Nearby(sql, regions, *Date::Parse(day), limit); });
  }
  static std::vector<std::string> IdsOf(const std::vector<NearbyPartner>& partners) {
    std::vector<std::string> ids;
    for (const NearbyPartner& partner : partners) ids.push_back(StrCat(partner.id, " ", partner.grants.size()));
    return ids;
  }
  RoutingStore routing_;
  PartnerStore partners_;
  TerritoryGrantStore grants_;
};

TEST_F(RoutingStoreTest, CandidatesAreAtHomeThereOrHaveAGrantThere) {
  MakePartner("at-home", PartnerState::kActive, "regions/wa");
  MakePartner("above", PartnerState::kSuspended, "regions/us");
  MakePartner("elsewhere", PartnerState::kActive, "regions/de");
  MakePartner("granted", PartnerState::kActive, "");
  MakePartner("gone", PartnerState::kTerminated, "regions/wa");
  Grant("granted", "a", {"regions/or", "regions/wa"}, "2026-01-01", "2026-02-01");
  Grant("granted", "b", {"regions/us"}, "2026-01-01");
  Grant("granted", "c", {"regions/wa"}, "2026-01-01", nullptr, GrantState::kRevoked);
  Grant("gone", "a", {"regions/wa"}, "2026-01-01");
  Grant("elsewhere", "a", {"regions/wa-east", "regions/east-wa"}, "2026-01-01");

  const auto january = Nearby({"regions/wa", "regions/us"}, "2026-01-31");
  ASSERT_OK(january);
  EXPECT_THAT(IdsOf(*january), ElementsAre("above 0", "at-home 0", "granted 2"));
  EXPECT_FALSE((*january)[0].active);
  EXPECT_EQ((*january)[0].home_region, "regions/us");
  EXPECT_TRUE((*january)[1].active);
  EXPECT_EQ((*january)[2].grants[0].exclusivity, Exclusivity::kHelper);
  EXPECT_THAT((*january)[2].grants[0].product_lines, ElementsAre("productLines/bikes"));
  EXPECT_THAT((*january)[2].grants[0].segments, ElementsAre("edu"));
  EXPECT_THAT(IdsOf(*Nearby({"regions/wa", "regions/us"}, "2026-02-01")),
              ElementsAre("above 0", "at-home 0", "granted 1"));
  EXPECT_THAT(IdsOf(*Nearby({"regions/wa", "regions/us"}, "2025-12-31")), ElementsAre("above 0", "at-home 0"));
  EXPECT_THAT(*Nearby({"regions/fr"}, "2026-01-31"), IsEmpty());
  EXPECT_THAT(*Nearby({}, "2026-01-31"), IsEmpty());
  EXPECT_OK(Nearby({"regions/wa", "regions/us"}, "2026-01-31", 3));
  EXPECT_THAT(Nearby({"regions/wa", "regions/us"}, "2026-01-31", 2), Blames("region"));
  EXPECT_THAT(Nearby({"regions/wa", "regions/us"}, "2026-01-31", 1), Blames("region"));
}

TEST_F(RoutingStoreTest, PoliciesAreKept) {
  RoutingPolicy policy{.id = "2026-1",
                       .revision = Revision::First(kNow),
                       .display_name = "First",
                       .terms = {.territory_weight = 40,
                                 .proximity_weight = 20,
                                 .product_line_weight = 30,
                                 .segment_weight = 10,
                                 .tolerance = 50,
                                 .grant_required = true},
                       .capacity = 5,
                       .offer_hours = 48,
                       .partner_terms = {{"p-1", 3, 9}}};
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return routing_.CreatePolicy(sql, policy); }));
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return routing_.CreatePolicy(sql, policy); }),
              HasReason(Reason::kAlreadyExists));
  const auto read = Ask<RoutingPolicy>([&](mysql::Transaction& sql) { return routing_.GetPolicy(sql, "2026-1"); });
  ASSERT_OK(read);
  EXPECT_EQ(ToProto(*read).SerializeAsString(), ToProto(policy).SerializeAsString());
}

// Ten thousand candidates fit, and come back as they were.
TEST_F(RoutingStoreTest, ADecisionIsKeptWithItsInputs) {
  RoutingInputs inputs{.terms = {.territory_weight = 100, .tolerance = 20, .grant_required = true}};
  for (int i = 0; i < 10'000; ++i) {
    inputs.candidates.push_back({.partner_id = StrCat("partner-with-a-long-name-", 100'000 + i),
                                 .active = i % 2 == 0,
                                 .past = static_cast<PastOffer>(i % 3),
                                 .territory_points = 6,
                                 .proximity_points = kNotKnown,
                                 .product_line_points = 5,
                                 .segment_points = 10,
                                 .share = 1 + i % 7,
                                 .turns_due = i - 5000,
                                 .open_offers = i % 4,
                                 .capacity = 3});
  }
  const Routed routed = Route(inputs);
  ASSERT_TRUE(routed.chosen.has_value());
  const RoutingDecision decision{.lead_id = "l-1",
                                 .id = 2,
                                 .create_time = kNow,
                                 .policy_id = "2026-1",
                                 .partner_id = inputs.candidates[*routed.chosen].partner_id,
                                 .candidate_count = 10'000,
                                 .inputs = InputsToBytes(inputs),
                                 .inputs_sha256 = std::string(64, 'a'),
                                 .ranking = RankingToBytes(inputs, routed)};
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return routing_.AddDecision(sql, decision); }));
  const auto read = Ask<RoutingDecision>([&](mysql::Transaction& sql) { return routing_.GetDecision(sql, "l-1", 2); });
  ASSERT_OK(read);
  EXPECT_EQ(ToProto(*read).SerializeAsString(), ToProto(decision).SerializeAsString());
  EXPECT_EQ(read->ranking, decision.ranking);
  ASSERT_OK_AND_ASSIGN(const RoutingInputs again, InputsFromBytes(read->inputs));
  EXPECT_EQ(again, inputs);
  EXPECT_EQ(RankingToBytes(again, Route(again)), decision.ranking);
  EXPECT_THAT(Ask<RoutingDecision>([&](mysql::Transaction& sql) { return routing_.GetDecision(sql, "l-1", 1); }),
              HasReason(Reason::kNotFound));
  const auto list = Ask<std::vector<RoutingDecision>>(
      [&](mysql::Transaction& sql) { return routing_.ListDecisions(sql, "l-1", 0, 10); });
  ASSERT_OK(list);
  ASSERT_THAT(*list, SizeIs(1));
  EXPECT_EQ(list->front().inputs, "");
  EXPECT_THAT(*Ask<std::vector<RoutingDecision>>(
                  [&](mysql::Transaction& sql) { return routing_.ListDecisions(sql, "l-1", 2, 10); }),
              IsEmpty());
}

// The bytes, and so the hash, do not depend on the order in which the candidates were read.
TEST(RoutingProtoTest, InputsHaveTheSameBytesInAnyOrder) {
  RoutingInputs inputs{.candidates = {{.partner_id = "b", .turns_due = -3}, {.partner_id = "a", .open_offers = 2}}};
  const std::string bytes = InputsToBytes(inputs);
  std::swap(inputs.candidates[0], inputs.candidates[1]);
  EXPECT_EQ(InputsToBytes(inputs), bytes);
}

}  // namespace
}  // namespace tributary::partner
