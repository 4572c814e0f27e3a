#pragma once

// For tests of leads through the wire: partners in two regions, a policy, and what is done with leads and their offers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/routing_policy.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::partner {

inline constexpr char kLeads[] = "tributary.partner.v1.LeadService/";
inline constexpr char kPolicies[] = "tributary.partner.v1.RoutingPolicyService/";

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

}  // namespace tributary::partner
