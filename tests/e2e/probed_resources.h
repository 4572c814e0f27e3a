#pragma once

// What partners may see of each other, made for the partner kOwner in the sample demo where the demo makes none of it.

#include <string>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/probed_methods.h"
#include "tests/support/channel.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/evidence.pb.h"
#include "tributary/incentive/v1/budget.pb.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/dispute.pb.h"
#include "tributary/incentive/v1/fund_request.pb.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/special_price.pb.h"
#include "tributary/incentive/v1/stock_rotation.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"
#include "tributary/inventory/v1/count.pb.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/reservation.pb.h"
#include "tributary/inventory/v1/site.pb.h"
#include "tributary/partner/v1/activity.pb.h"
#include "tributary/partner/v1/application.pb.h"
#include "tributary/partner/v1/bank_account.pb.h"
#include "tributary/partner/v1/certificate.pb.h"
#include "tributary/partner/v1/contact.pb.h"
#include "tributary/partner/v1/course.pb.h"
#include "tributary/partner/v1/document.pb.h"
#include "tributary/partner/v1/evaluation.pb.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"
#include "tributary/partner/v1/lead.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/partner_program.pb.h"
#include "tributary/partner/v1/relationship.pb.h"
#include "tributary/partner/v1/routing_policy.pb.h"
#include "tributary/partner/v1/sales_target.pb.h"
#include "tributary/partner/v1/sanction.pb.h"
#include "tributary/partner/v1/scorecard_template.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"
#include "tributary/partner/v1/webhook_delivery.pb.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::testing {

class ProbedResources : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(demo_.outcome.code, 0) << demo_.outcome.ToString(); }

  // A count of the owner's: the demo makes none.
  void MakeCount() {
    inventory::v1::CreateStockCountRequest request;
    request.set_parent(StrCat("partners/", kOwner));
    request.set_count_id("prober");
    inventory::v1::StockCount& count = *request.mutable_count();
    count.set_site(StrCat("partners/", kOwner, "/sites/main"));
    count.set_boundary(inventory::v1::StockCount::AFTER_CLOSING);
    count.mutable_date()->set_year(2025);
    count.mutable_date()->set_month(6);
    count.mutable_date()->set_day(30);
    const auto made = demo_.suite.client("inventory")
                          .Call<inventory::v1::StockCount>("tributary.inventory.v1.StockCountService/CreateStockCount",
                                                           request, {.token = owner_});
    EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
  }

  // A wallet of the owner's, its opening balance and a hold. The asker has a wallet, too, to make the hold again.
  void MakeWallet() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      return demo_.suite.client("incentive")
          .Call<Reply>(StrCat("tributary.incentive.v1.", method), request, {.token = administrator_})
          .status();
    };
    for (const char* partner : {kOwner, kAsker}) {
      incentive::v1::CreateOpeningBalanceRequest balance;
      balance.set_parent(StrCat("partners/", partner));
      balance.set_opening_balance_id("prober");
      balance.mutable_opening_balance()->set_currency("CNY");
      balance.mutable_opening_balance()->mutable_date()->set_year(2025);
      balance.mutable_opening_balance()->mutable_date()->set_month(6);
      balance.mutable_opening_balance()->mutable_date()->set_day(30);
      auto& lot = *balance.mutable_opening_balance()->add_wallet_lots();
      lot.set_lot("first");
      lot.mutable_amount()->set_currency_code("CNY");
      lot.mutable_amount()->set_units(1000);
      *lot.mutable_expires_on() = balance.opening_balance().date();
      lot.mutable_expires_on()->set_year(2999);
      EXPECT_THAT(admin("OpeningBalanceService/CreateOpeningBalance", balance, incentive::v1::OpeningBalance()),
                  ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
    }
    incentive::v1::CreateWalletHoldRequest hold;
    hold.set_parent(StrCat("partners/", kOwner, "/wallets/CNY"));
    hold.set_wallet_hold_id("prober");
    hold.mutable_wallet_hold()->set_use(incentive::v1::WalletHold::PAYMENT);
    hold.mutable_wallet_hold()->set_order(StrCat("partners/", kOwner, "/orders/probers-hold"));
    hold.mutable_wallet_hold()->mutable_amount()->set_currency_code("CNY");
    hold.mutable_wallet_hold()->mutable_amount()->set_units(7);
    EXPECT_THAT(admin("WalletService/CreateWalletHold", hold, incentive::v1::WalletHold()),
                ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
  }

  // Money for the marketing of both; a request for it of the owner's, approved, and a claim. A special price, and a
  // stock rotation.
  void MakeFunds() {
    const auto call = [&]<typename Reply>(const char* method, const Message& request, Reply, const std::string& token) {
      const auto made = demo_.suite.client("incentive")
                            .Call<Reply>(StrCat("tributary.incentive.v1.", method), request, {.token = token});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists), HasReason(Reason::kStateConflict)));
    };
    const auto set = [](google::type::Money* money, int units) {
      money->set_currency_code("CNY");
      money->set_units(units);
    };
    const auto day = [](google::type::Date* date, int year, int month) {
      date->set_year(year);
      date->set_month(month);
      date->set_day(1);
    };
    incentive::v1::CreateBudgetRequest budget;
    budget.set_budget_id("prober");
    budget.mutable_budget()->set_display_name("Prober's");
    set(budget.mutable_budget()->mutable_amount(), 1000);
    day(budget.mutable_budget()->mutable_effective_from(), 2025, 1);
    day(budget.mutable_budget()->mutable_effective_to(), 2999, 1);
    call("BudgetService/CreateBudget", budget, incentive::v1::Budget(), administrator_);
    for (const char* partner : {kOwner, kAsker}) {
      incentive::v1::CreateFundAllocationRequest allocation;
      allocation.set_parent(StrCat("partners/", partner));
      allocation.set_fund_allocation_id("prober");
      allocation.mutable_fund_allocation()->set_budget("budgets/prober");
      set(allocation.mutable_fund_allocation()->mutable_amount(), 400);
      call("BudgetService/CreateFundAllocation", allocation, incentive::v1::FundAllocation(), administrator_);
      if (std::string_view(partner) != kOwner) continue;
      incentive::v1::CreateFundRequestRequest asked;
      asked.set_parent(allocation.parent());
      asked.set_fund_request_id("probers-request");
      asked.mutable_fund_request()->set_fund_allocation(StrCat(asked.parent(), "/fundAllocations/prober"));
      asked.mutable_fund_request()->set_activity(incentive::v1::FundRequest::TRAINING);
      asked.mutable_fund_request()->set_description("A course");
      set(asked.mutable_fund_request()->mutable_amount(), 200);
      day(asked.mutable_fund_request()->mutable_activity_from(), 2025, 6);
      day(asked.mutable_fund_request()->mutable_activity_to(), 2998, 6);
      call("FundRequestService/CreateFundRequest", asked, incentive::v1::FundRequest(), administrator_);
      incentive::v1::ApproveFundRequestRequest approve;
      approve.set_name(StrCat(asked.parent(), "/fundRequests/probers-request"));
      call("FundRequestService/ApproveFundRequest", approve, incentive::v1::FundRequest(),
           demo_.suite.Token("CHANNEL_MANAGER", "", "second-prober"));
    }
    incentive::v1::CreateClaimRequest claim;
    claim.set_parent(StrCat("partners/", kOwner));
    claim.set_claim_id("probers-claim");
    claim.mutable_claim()->set_kind(incentive::v1::Claim::MDF);
    claim.mutable_claim()->set_fund_request(StrCat(claim.parent(), "/fundRequests/probers-request"));
    set(claim.mutable_claim()->mutable_amount(), 20);
    incentive::v1::ClaimProof& proof = *claim.mutable_claim()->add_proofs();
    proof.set_document("documents/prober");
    proof.set_sha256(std::string(64, 'a'));
    call("ClaimService/CreateClaim", claim, incentive::v1::Claim(), administrator_);
    incentive::v1::CreateSpecialPriceAuthorizationRequest special;
    special.set_parent(StrCat("partners/", kOwner));
    special.set_special_price_id("probers-special-price");
    special.mutable_special_price()->set_product("products/sp-100");
    special.mutable_special_price()->set_end_customer("Prober's customer");
    day(special.mutable_special_price()->mutable_sale_from(), 2025, 6);
    day(special.mutable_special_price()->mutable_sale_to(), 2025, 7);
    set(special.mutable_special_price()->mutable_approved_cost(), 100);
    special.mutable_special_price()->mutable_quantity()->set_value("40");
    day(special.mutable_special_price()->mutable_claim_deadline(), 2998, 6);
    call("SpecialPriceAuthorizationService/CreateSpecialPriceAuthorization", special,
         incentive::v1::SpecialPriceAuthorization(), administrator_);
    incentive::v1::CreateStockRotationRequest rotation;
    rotation.set_parent(StrCat("partners/", kOwner));
    rotation.set_stock_rotation_id("probers-rotation");
    rotation.mutable_stock_rotation()->set_way(incentive::v1::StockRotation::RETURN);
    day(rotation.mutable_stock_rotation()->mutable_move_from(), 2025, 6);
    day(rotation.mutable_stock_rotation()->mutable_move_to(), 2025, 7);
    day(rotation.mutable_stock_rotation()->mutable_purchases_from(), 2025, 3);
    day(rotation.mutable_stock_rotation()->mutable_purchases_to(), 2025, 6);
    rotation.mutable_stock_rotation()->mutable_limit_rate()->set_value("0.05");
    rotation.mutable_stock_rotation()->set_currency("CNY");
    day(rotation.mutable_stock_rotation()->mutable_claim_deadline(), 2998, 6);
    call("StockRotationService/CreateStockRotation", rotation, incentive::v1::StockRotation(), administrator_);
  }

  // A dispute of the owner's about a statement that the demo issued; with it, entries of the ledger.
  void MakeDispute() {
    incentive::v1::CreateDisputeRequest request;
    request.set_parent(StrCat("partners/", kOwner, "/statements/4"));
    request.set_dispute_id("probers-dispute");
    request.mutable_dispute()->set_reason("Too little");
    request.mutable_dispute()->add_items()->set_entry(1);
    const auto made = demo_.suite.client("incentive")
                          .Call<incentive::v1::Dispute>("tributary.incentive.v1.DisputeService/CreateDispute", request,
                                                        {.token = owner_});
    EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists), HasReason(Reason::kStateConflict)));
  }

  // An order of the owner's.
  void MakeOrder() {
    inventory::v1::CreateDistributorOrderRequest request;
    request.set_parent(StrCat("partners/", kOwner));
    request.set_order_id("prober");
    inventory::v1::DistributorOrder& order = *request.mutable_order();
    order.mutable_order_date()->set_year(2025);
    order.mutable_order_date()->set_month(6);
    order.mutable_order_date()->set_day(30);
    *order.mutable_requested_date() = order.order_date();
    inventory::v1::OrderLine& line = *order.add_lines();
    line.set_line(1);
    line.set_product("products/sp-100");
    line.mutable_quantity()->set_value("1");
    for (google::type::Money* amount :
         {line.mutable_list_price(), line.mutable_net_amount(), line.mutable_gross_amount()}) {
      amount->set_currency_code("CNY");
      amount->set_units(100);
    }
    const auto made =
        demo_.suite.client("inventory")
            .Call<inventory::v1::DistributorOrder>(
                "tributary.inventory.v1.DistributorOrderService/CreateDistributorOrder", request, {.token = owner_});
    EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
  }

  // A reservation of the owner's at a site that takes back orders. The asker has such a site, too, to make it again.
  void MakeReservation() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      return demo_.suite.client("inventory")
          .Call<Reply>(StrCat("tributary.inventory.v1.", method), request, {.token = administrator_});
    };
    for (const char* partner : {kOwner, kAsker}) {
      inventory::v1::CreateSiteRequest site;
      site.set_parent(StrCat("partners/", partner));
      site.set_site_id("back-orders");
      site.mutable_site()->set_negative_stock(inventory::v1::Site::BACK_ORDER);
      EXPECT_THAT(admin("SiteService/CreateSite", site, inventory::v1::Site()).status(),
                  ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
    }
    inventory::v1::CreateReservationRequest request;
    request.set_parent(StrCat("partners/", kOwner));
    request.set_reservation_id("prober");
    inventory::v1::ReservationLine& line = *request.mutable_reservation()->add_lines();
    line.set_product("products/sp-100");
    line.set_site(StrCat("partners/", kOwner, "/sites/back-orders"));
    line.mutable_quantity()->set_value("1");
    EXPECT_THAT(admin("ReservationService/CreateReservation", request, inventory::v1::Reservation()).status(),
                ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
  }

  // A lead that is offered to the owner, whose turn it is by far; answers the offer's name.
  std::string MakeLeadOffer() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      return demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                       {.token = administrator_});
    };
    partner::v1::GetPartnerRequest get;
    get.set_name(StrCat("partners/", kOwner));
    const auto owner = admin("PartnerService/GetPartner", get, partner::v1::Partner());
    EXPECT_THAT(owner, IsOk());
    partner::v1::CreateRoutingPolicyRequest policy;
    policy.set_routing_policy_id("prober");
    policy.mutable_routing_policy()->set_proximity_weight(100);
    policy.mutable_routing_policy()->set_tolerance(1000);
    policy.mutable_routing_policy()->set_capacity(100000);
    policy.mutable_routing_policy()->set_offer_hours(8760);
    auto* terms = policy.mutable_routing_policy()->add_partner_terms();
    terms->set_partner(StrCat("partners/", kOwner));
    terms->set_share(1000);
    EXPECT_THAT(admin("RoutingPolicyService/CreateRoutingPolicy", policy, partner::v1::RoutingPolicy()).status(),
                IsOk());
    partner::v1::CreateLeadRequest lead;
    lead.set_lead_id("prober");
    lead.mutable_lead()->set_customer_name("Quayside Optics Ltd.");
    lead.mutable_lead()->set_region(owner->home_region());
    EXPECT_THAT(admin("LeadService/CreateLead", lead, partner::v1::Lead()).status(), IsOk());
    partner::v1::RouteLeadRequest route;
    route.set_name("leads/prober");
    route.set_policy("routingPolicies/prober");
    const auto decision = admin("LeadService/RouteLead", route, partner::v1::RoutingDecision());
    EXPECT_THAT(decision, IsOk());
    EXPECT_EQ(decision->partner(), StrCat("partners/", kOwner));
    partner::v1::GetLeadRequest read;
    read.set_name("leads/prober");
    return admin("LeadService/GetLead", read, partner::v1::Lead())->offer();
  }

  // An application of a prospect's.
  void MakeApplication() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                                  {.token = administrator_});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
    };
    partner::v1::CreatePartnerRequest prospect;
    prospect.set_partner_id("prober-prospect");
    prospect.mutable_partner()->set_legal_name("Prober's Ltd.");
    prospect.mutable_partner()->set_kind(partner::v1::Partner::DEALER);
    prospect.mutable_partner()->set_currency("EUR");
    admin("PartnerService/CreatePartner", prospect, partner::v1::Partner());
    partner::v1::CreateApplicationRequest application;
    application.set_application_id("prober");
    application.mutable_application()->set_prospect("partners/prober-prospect");
    application.mutable_application()->set_legal_name("Prober's Ltd.");
    application.mutable_application()->set_kind(partner::v1::Partner::DEALER);
    application.mutable_application()->set_currency("EUR");
    admin("ApplicationService/CreateApplication", application, partner::v1::Application());
  }

  // A meeting of the owner's.
  void MakeActivity() {
    partner::v1::CreateActivityRequest request;
    request.set_parent(StrCat("partners/", kOwner));
    request.set_activity_id("prober");
    request.mutable_activity()->set_kind(partner::v1::Activity::MEETING);
    request.mutable_activity()->set_subject("A quiet talk");
    request.mutable_activity()->add_follow_ups()->set_text("Write it down.");
    const auto made = demo_.suite.client("partner").Call<partner::v1::Activity>(
        "tributary.partner.v1.ActivityService/CreateActivity", request, {.token = owner_});
    EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
  }

  // A meeting with the customer of the deal that the demo registers for the owner. The asker drafts a deal of the same
  // id, to say the same of it.
  void MakeEvidence() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("conflict")
                            .Call<Reply>(StrCat("tributary.conflict.v1.", method), request, {.token = administrator_});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
    };
    conflict::v1::CreateDealRegistrationRequest deal;
    deal.set_parent(StrCat("partners/", kAsker));
    deal.set_deal_id("demo-deal");
    deal.mutable_deal_registration()->set_customer_name("Prober's Ltd.");
    deal.mutable_deal_registration()->add_regions("regions/sg");
    deal.mutable_deal_registration()->mutable_effective_from()->set_year(2025);
    deal.mutable_deal_registration()->mutable_effective_from()->set_month(7);
    deal.mutable_deal_registration()->mutable_effective_from()->set_day(1);
    *deal.mutable_deal_registration()->mutable_effective_to() = deal.deal_registration().effective_from();
    deal.mutable_deal_registration()->mutable_effective_to()->set_month(8);
    admin("DealRegistrationService/CreateDealRegistration", deal, conflict::v1::DealRegistration());
    conflict::v1::CreateEvidenceRequest evidence;
    evidence.set_parent(StrCat("partners/", kOwner, "/deals/demo-deal"));
    evidence.set_evidence_id("probers-meeting");
    evidence.mutable_evidence()->set_kind(conflict::v1::Evidence::MEETING);
    *evidence.mutable_evidence()->mutable_evidence_date() = deal.deal_registration().effective_from();
    admin("EvidenceService/CreateEvidence", evidence, conflict::v1::Evidence());
  }

  // A document, a relationship, a contact, a bank account and a webhook endpoint with a delivery of the owner's.
  void MakeDocument() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                                  {.token = administrator_});
      EXPECT_THAT(made,
                  ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists), HasReason(Reason::kValidityOverlap)));
    };
    partner::v1::CreateDocumentRequest document;
    document.set_document_id("prober");
    document.set_content("Permit");
    document.mutable_document()->set_owner(StrCat("partners/", kOwner));
    document.mutable_document()->set_kind(partner::v1::Document::LICENSE);
    document.mutable_document()->set_title("Permit to trade");
    document.mutable_document()->set_media_type("text/plain");
    admin("DocumentService/CreateDocument", document, partner::v1::Document());
    partner::v1::CreatePartnerRelationshipRequest relationship;
    relationship.set_parent(StrCat("partners/", kOwner));
    relationship.set_relationship_id("prober");
    relationship.mutable_relationship()->set_kind(partner::v1::PartnerRelationship::BUYING_GROUP);
    relationship.mutable_relationship()->set_other_partner(StrCat("partners/", kAsker));
    relationship.mutable_relationship()->mutable_valid_from()->set_year(2025);
    relationship.mutable_relationship()->mutable_valid_from()->set_month(7);
    relationship.mutable_relationship()->mutable_valid_from()->set_day(1);
    admin("PartnerRelationshipService/CreatePartnerRelationship", relationship, partner::v1::PartnerRelationship());
    partner::v1::CreateContactRequest contact;
    contact.set_parent(StrCat("partners/", kOwner));
    contact.set_contact_id("prober");
    contact.mutable_contact()->set_display_name("Goods in");
    contact.mutable_contact()->set_function(partner::v1::Contact::LOGISTICS);
    contact.mutable_contact()->set_email("goods@example.com");
    admin("ContactService/CreateContact", contact, partner::v1::Contact());
    partner::v1::CreateBankAccountRequest account;
    account.set_parent(StrCat("partners/", kOwner));
    account.set_bank_account_id("prober");
    account.mutable_bank_account()->set_holder_name("Owner");
    account.mutable_bank_account()->set_bank_name("Bank");
    account.mutable_bank_account()->set_currency("EUR");
    account.mutable_bank_account()->set_number_type(partner::v1::BankAccountTerms::IBAN);
    account.mutable_bank_account()->set_account_number("DE89370400440532013000");
    admin("BankAccountService/CreateBankAccount", account, partner::v1::BankAccount());
    partner::v1::CreateWebhookEndpointRequest endpoint;
    endpoint.set_parent(StrCat("partners/", kOwner));
    endpoint.set_webhook_endpoint_id("prober");
    endpoint.mutable_webhook_endpoint()->set_url("https://hooks.example.com/");
    admin("WebhookEndpointService/CreateWebhookEndpoint", endpoint, partner::v1::WebhookEndpoint());
    partner::v1::TestWebhookEndpointRequest test;
    test.set_name(StrCat("partners/", kOwner, "/webhookEndpoints/prober"));
    admin("WebhookEndpointService/TestWebhookEndpoint", test, partner::v1::WebhookDelivery());
  }

  // A target of the owner's, a part of which is the asker's.
  void MakeTarget() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                                  {.token = administrator_});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists), HasReason(Reason::kStateConflict)));
    };
    partner::v1::CreateFiscalCalendarRequest calendar;
    calendar.set_fiscal_calendar_id("prober");
    calendar.mutable_fiscal_calendar()->set_display_name("Prober's");
    calendar.mutable_fiscal_calendar()->set_time_zone("UTC");
    calendar.mutable_layout()->set_pattern(partner::v1::FiscalLayout::CALENDAR_MONTHS);
    calendar.mutable_layout()->mutable_first_day()->set_year(2024);
    calendar.mutable_layout()->mutable_first_day()->set_month(1);
    calendar.mutable_layout()->mutable_first_day()->set_day(1);
    calendar.mutable_layout()->set_first_year(2024);
    calendar.mutable_layout()->set_years(1);
    admin("FiscalCalendarService/CreateFiscalCalendar", calendar, partner::v1::FiscalCalendar());
    partner::v1::CreateSalesTargetRequest whole;
    whole.set_parent(StrCat("partners/", kOwner));
    whole.set_target_id("prober");
    whole.mutable_target()->set_basis(partner::v1::SalesTarget::SELL_IN);
    whole.mutable_target()->set_fiscal_calendar("fiscalCalendars/prober");
    whole.mutable_target()->set_period("2024");
    whole.mutable_target()->mutable_quantity()->set_value("100");
    admin("SalesTargetService/CreateSalesTarget", whole, partner::v1::SalesTarget());
    partner::v1::CascadeSalesTargetRequest cascade;
    cascade.set_name(StrCat("partners/", kOwner, "/targets/prober"));
    for (const char* partner : {kOwner, kAsker}) {
      partner::v1::TargetPart& part = *cascade.add_parts();
      part.set_partner(StrCat("partners/", partner));
      part.set_target_id("prober-part");
      part.mutable_weight()->set_value("1");
    }
    admin("SalesTargetService/CascadeSalesTarget", cascade, partner::v1::CascadeSalesTargetResponse());
  }

  // A certificate of the owner's and one of the asker's.
  void MakeCertificates() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                                  {.token = administrator_});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
    };
    partner::v1::CreateCourseRequest course;
    course.set_course_id("prober");
    course.mutable_course()->set_display_name("Prober's");
    admin("CourseService/CreateCourse", course, partner::v1::Course());
    for (const char* partner : {kOwner, kAsker}) {
      partner::v1::CreateCertificateRequest request;
      request.set_parent(StrCat("partners/", partner));
      request.set_certificate_id("prober");
      request.mutable_certificate()->set_course("courses/prober");
      request.mutable_certificate()->set_holder(StrCat("of-", partner));
      request.mutable_certificate()->mutable_issued_on()->set_year(2024);
      request.mutable_certificate()->mutable_issued_on()->set_month(1);
      request.mutable_certificate()->mutable_issued_on()->set_day(1);
      admin("CertificateService/CreateCertificate", request, partner::v1::Certificate());
    }
  }

  // An evaluation of each of the two that is published, one that is not, and a sanction.
  void MakeEvaluations() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                                  {.token = administrator_});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists), HasReason(Reason::kStateConflict)));
    };
    MakeTarget();  // and the calendar of 2024
    partner::v1::CreateScorecardTemplateRequest scorecard;
    scorecard.set_scorecard_template_id("prober");
    scorecard.mutable_scorecard_template()->set_fiscal_calendar("fiscalCalendars/prober");
    scorecard.mutable_scorecard_template()->set_appeal_days(365);
    auto* component = scorecard.mutable_scorecard_template()->add_components();
    component->set_component("talks");
    component->set_weight(100);
    component->set_measure(partner::v1::ScorecardTemplate::ACTIVITIES);
    component->mutable_low()->set_value("0");
    component->mutable_high()->set_value("1");
    admin("ScorecardTemplateService/CreateScorecardTemplate", scorecard, partner::v1::ScorecardTemplate());
    for (const char* partner : {kOwner, kAsker}) {
      for (const char* period : {"2024Q1", "2024Q2"}) {
        partner::v1::CreateEvaluationRequest evaluation;
        evaluation.set_parent(StrCat("partners/", partner));
        evaluation.set_evaluation_id(StrCat("prober-", std::string_view(period).substr(5)));
        evaluation.mutable_evaluation()->set_template_("scorecardTemplates/prober");
        evaluation.mutable_evaluation()->set_period(period);
        admin("EvaluationService/CreateEvaluation", evaluation, partner::v1::Evaluation());
      }
      partner::v1::PublishEvaluationRequest publish;
      publish.set_name(StrCat("partners/", partner, "/evaluations/prober-1"));
      admin("EvaluationService/PublishEvaluation", publish, partner::v1::Evaluation());
      partner::v1::CreateSanctionRequest sanction;
      sanction.set_parent(StrCat("partners/", partner));
      sanction.set_sanction_id("prober");
      sanction.mutable_sanction()->set_kind(partner::v1::Sanction::WARNING);
      sanction.mutable_sanction()->set_reason("A quiet word");
      admin("SanctionService/CreateSanction", sanction, partner::v1::Sanction());
    }
  }

  // The owner is shown the case of the demo's overlapping grants, of which it has one.
  void MakeCase() {
    rpc::Client& client = demo_.suite.client("conflict");
    conflict::v1::ListCasesRequest list;
    list.set_filter("kind = EXCLUSIVE_OVERLAP");
    const auto cases = client.Call<conflict::v1::ListCasesResponse>("tributary.conflict.v1.CaseService/ListCases", list,
                                                                    {.token = administrator_});
    ASSERT_THAT(cases, IsOk());
    ASSERT_GT(cases->cases_size(), 0);
    conflict::v1::TriageCaseRequest triage;
    triage.set_name(cases->cases(0).name());
    const auto made = client.Call<conflict::v1::Case>("tributary.conflict.v1.CaseService/TriageCase", triage,
                                                      {.token = administrator_});
    EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kStateConflict)));
  }

  // A level of the owner's and one of the asker's.
  void MakeTiers() {
    const auto admin = [&]<typename Reply>(const char* method, const Message& request, Reply) {
      const auto made = demo_.suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request,
                                                                  {.token = administrator_});
      EXPECT_THAT(made, ::testing::AnyOf(IsOk(), HasReason(Reason::kAlreadyExists)));
    };
    partner::v1::CreatePartnerProgramRequest program;
    program.set_partner_program_id("prober");
    program.mutable_partner_program()->add_levels()->set_level("member");
    program.mutable_partner_program()->set_months(1);
    program.mutable_partner_program()->set_notice_days(1);
    admin("PartnerProgramService/CreatePartnerProgram", program, partner::v1::PartnerProgram());
    for (const char* partner : {kOwner, kAsker}) {
      partner::v1::EvaluateTierAssignmentsRequest request;
      request.set_parent(StrCat("partners/", partner));
      request.set_program("partnerPrograms/prober");
      admin("TierAssignmentService/EvaluateTierAssignments", request, partner::v1::EvaluateTierAssignmentsResponse());
    }
  }

  SampleDemo& demo_ = SampleDemo::Get();
  const std::string administrator_ = demo_.suite.Token("ADMINISTRATOR");
  const std::string owner_ = demo_.suite.Token("PARTNER_USER", kOwner, "user-of-owner");
};

}  // namespace tributary::testing
