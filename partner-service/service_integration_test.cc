// Partners over the wire: from an application to an active partner and back, and what callers do wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "partner-service/testing_partners.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ServiceTest : public PartnersTest {};

TEST_F(ServiceTest, FromApplicationToActivePartnerAndBack) {
  Territories();
  v1::BatchImportApplicationsRequest rows;
  AddApplication(&rows, "r-1");
  ASSERT_OK_AND_ASSIGN(const auto imported, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(imported.accepted(), 1);
  ASSERT_OK_AND_ASSIGN(v1::Application application, GetApplication("applications/r-1"));
  EXPECT_EQ(application.state(), v1::Application::SCREENING);
  EXPECT_FALSE(application.has_screening());

  // Not out of order.
  EXPECT_THAT(
      (Do<v1::Application, v1::ApproveApplicationRequest>(kApplications, "ApproveApplication", application.name())),
      HasReason(Reason::kStateConflict));
  EXPECT_THAT(Convert(application.name(), "r-1"), HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(application, (Do<v1::Application, v1::ScreenApplicationRequest>(
                                        kApplications, "ScreenApplication", application.name())));
  EXPECT_EQ(application.state(), v1::Application::IN_REVIEW);
  EXPECT_TRUE(application.screening().passed());
  EXPECT_EQ(application.screening().score(), 60);  // 10 + 10 + 15 + 15 + 8 + 2
  EXPECT_EQ(application.screening().criteria_size(), 10);
  ASSERT_OK(
      (Do<v1::Application, v1::ApproveApplicationRequest>(kApplications, "ApproveApplication", application.name())));
  ASSERT_OK_AND_ASSIGN(v1::Partner partner, Convert(application.name(), "r-1"));
  EXPECT_EQ(partner.name(), "partners/r-1");
  EXPECT_EQ(partner.state(), v1::Partner::PROSPECT);
  EXPECT_EQ(partner.application(), "applications/r-1");
  ASSERT_OK_AND_ASSIGN(application, GetApplication(application.name()));
  EXPECT_EQ(application.state(), v1::Application::CONVERTED);
  EXPECT_EQ(application.partner(), "partners/r-1");

  // Only with a signed agreement in force today.
  const auto activate = [&] {
    return Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", partner.name());
  };
  EXPECT_THAT(activate(), HasReason(Reason::kAgreementRequired));
  ASSERT_OK_AND_ASSIGN(v1::Agreement agreement, CreateAgreement(partner.name(), *Date::Parse("2010-10-01")));
  EXPECT_EQ(agreement.state(), v1::Agreement::DRAFT);
  EXPECT_THAT(Sign(*manager_, agreement), HasReason(Reason::kStateConflict));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
  EXPECT_THAT(activate(), HasReason(Reason::kAgreementRequired));
  const auto user = service_.UserOf("r-1");
  v1::Agreement other_text = agreement;
  other_text.set_text_sha256(std::string(64, '0'));
  EXPECT_THAT(Sign(*user, other_text), Blames("text_sha256"));
  ASSERT_OK_AND_ASSIGN(agreement, Sign(*user, agreement));
  EXPECT_EQ(agreement.state(), v1::Agreement::SIGNED);
  ASSERT_EQ(agreement.signatures_size(), 1);
  EXPECT_EQ(agreement.signatures(0).signer(), "user-of-r-1");
  ASSERT_OK_AND_ASSIGN(partner, activate());
  EXPECT_EQ(partner.state(), v1::Partner::ACTIVE);
  EXPECT_THAT(activate(), HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant grant, CreateGrant(partner.name(), {"regions/aw-1", "regions/aw-2"}));
  EXPECT_EQ(grant.state(), v1::TerritoryGrant::ACTIVE);

  ASSERT_OK((Do<v1::Partner, v1::SuspendPartnerRequest>(kPartners, "SuspendPartner", partner.name())));
  ASSERT_OK((Do<v1::Partner, v1::ReinstatePartnerRequest>(kPartners, "ReinstatePartner", partner.name())));
  ASSERT_OK((Do<v1::TerritoryGrant, v1::RevokeTerritoryGrantRequest>(kGrants, "RevokeTerritoryGrant", grant.name())));
  ASSERT_OK((Do<v1::Agreement, v1::TerminateAgreementRequest>(kAgreements, "TerminateAgreement", agreement.name())));
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", partner.name())));
  ASSERT_OK_AND_ASSIGN(partner, GetPartner(partner.name()));
  EXPECT_EQ(partner.state(), v1::Partner::TERMINATED);
  EXPECT_THAT(CreateGrant(partner.name(), {"regions/aw-1"}), HasReason(Reason::kStateConflict));

  const std::multiset<std::string> told = Told();
  for (const char* event :
       {"created regions/aw-us-wa", "submitted applications/r-1", "screened applications/r-1",
        "approved applications/r-1", "converted applications/r-1", "created partners/r-1",
        "created partners/r-1/agreements/main", "proposed partners/r-1/agreements/main",
        "signed partners/r-1/agreements/main", "activated partners/r-1", "created partners/r-1/territoryGrants/home",
        "suspended partners/r-1", "reinstated partners/r-1", "revoked partners/r-1/territoryGrants/home",
        "terminated partners/r-1/agreements/main", "terminated partners/r-1"}) {
    EXPECT_EQ(told.count(event), 1u) << event;
  }
  EXPECT_EQ(told.size(), 18u);
}

TEST_F(ServiceTest, AnAgreementOutsideItsDaysDoesNotActivate) {
  ASSERT_OK(CreatePartner("p-1"));
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement,
                       CreateAgreement("partners/p-1", *Date::Parse("2010-10-01"), *Date::Parse("2011-01-01")));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
  ASSERT_OK(Sign(*manager_, agreement));
  EXPECT_THAT((Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", "partners/p-1")),
              HasReason(Reason::kAgreementRequired));
  EXPECT_THAT(CreateAgreement("partners/p-1", *Date::Parse("2010-10-01"), *Date::Parse("2010-10-01")),
              Blames("agreement.effective_to"));
  EXPECT_THAT(CreateAgreement("partners/none", *Date::Parse("2010-10-01")), HasReason(Reason::kNotFound));
}

TEST_F(ServiceTest, AFailedScreeningIsNotApproved) {
  v1::CreateApplicationRequest create;
  create.mutable_application()->set_legal_name("Acme");
  create.mutable_application()->set_kind(v1::Partner::DEALER);
  create.mutable_application()->set_currency("USD");
  create.set_application_id("a-1");
  create.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(v1::Application application, Call<v1::Application>(kApplications, "CreateApplication", create));
  EXPECT_EQ(application.state(), v1::Application::DRAFT);
  ASSERT_OK(
      (Do<v1::Application, v1::SubmitApplicationRequest>(kApplications, "SubmitApplication", "applications/a-1")));
  ASSERT_OK_AND_ASSIGN(application, (Do<v1::Application, v1::ScreenApplicationRequest>(
                                        kApplications, "ScreenApplication", "applications/a-1")));
  EXPECT_FALSE(application.screening().passed());
  EXPECT_EQ(application.screening().score(), 20);
  EXPECT_THAT(
      (Do<v1::Application, v1::ApproveApplicationRequest>(kApplications, "ApproveApplication", "applications/a-1")),
      HasReason(Reason::kScreeningFailed));
  v1::RejectApplicationRequest reject;
  reject.set_name("applications/a-1");
  reject.set_rejection_reason("no home region");
  reject.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(application, Call<v1::Application>(kApplications, "RejectApplication", reject));
  EXPECT_EQ(application.rejection_reason(), "no home region");
  EXPECT_THAT(
      (Do<v1::Application, v1::WithdrawApplicationRequest>(kApplications, "WithdrawApplication", "applications/a-1")),
      HasReason(Reason::kStateConflict));
  create.mutable_application()->set_home_region("regions/none");
  create.set_application_id("a-2");
  create.set_request_id(NewRequestId());
  EXPECT_THAT(Call<v1::Application>(kApplications, "CreateApplication", create), HasReason(Reason::kReferenceNotFound));
}

TEST_F(ServiceTest, TheSameRequestTwiceHasOneEffect) {
  v1::CreatePartnerRequest request;
  *request.mutable_partner() = NewPartner();
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Partner first, Call<v1::Partner>(kPartners, "CreatePartner", request));
  ASSERT_OK_AND_ASSIGN(const v1::Partner second, Call<v1::Partner>(kPartners, "CreatePartner", request));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Told().size(), 1u);
  request.mutable_partner()->set_legal_name("Other");
  EXPECT_THAT(Call<v1::Partner>(kPartners, "CreatePartner", request), HasReason(Reason::kRequestIdReused));
  // The id that it was given lasts.
  EXPECT_OK(GetPartner(first.name()));
}

TEST_F(ServiceTest, UpdatesByMaskAndEtag) {
  Territories();
  v1::Partner content = NewPartner("Acme");
  content.add_trade_names("ACME");
  v1::Address& seat = *content.add_addresses();
  seat.set_kind(v1::Address::REGISTERED);
  seat.set_country("US");
  seat.set_text("1 Main St");
  content.set_account_manager("manager-7");
  ASSERT_OK_AND_ASSIGN(const v1::Partner created, CreatePartner("p-1", content));
  const auto update = [&](const v1::Partner& partner, std::vector<std::string> paths) {
    v1::UpdatePartnerRequest request;
    *request.mutable_partner() = partner;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return Call<v1::Partner>(kPartners, "UpdatePartner", request);
  };
  v1::Partner change;
  change.set_name("partners/p-1");
  change.set_etag(created.etag());
  change.set_home_region("regions/aw-us-wa");
  change.set_time_zone("America/Los_Angeles");
  ASSERT_OK_AND_ASSIGN(const v1::Partner updated, update(change, {"home_region", "time_zone", "addresses"}));
  EXPECT_EQ(updated.legal_name(), "Acme");
  EXPECT_THAT(updated.trade_names(), ElementsAre("ACME"));
  EXPECT_EQ(updated.home_region(), "regions/aw-us-wa");
  EXPECT_EQ(created.addresses(0).text(), "1 Main St");
  EXPECT_EQ(updated.addresses_size(), 0);
  EXPECT_EQ(updated.account_manager(), "manager-7");
  EXPECT_EQ(updated.uid(), created.uid());
  EXPECT_NE(updated.etag(), created.etag());
  EXPECT_EQ(updated.state(), v1::Partner::PROSPECT);

  // The etag has passed on.
  EXPECT_THAT(update(change, {"time_zone"}), HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(
      (Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-1", created.etag())),
      HasReason(Reason::kEtagMismatch));
  change.set_etag(updated.etag());
  EXPECT_THAT(update(change, {"state"}), HasReason(Reason::kInvalidField));
  EXPECT_THAT(update(change, {"colour"}), HasReason(Reason::kInvalidField));
  EXPECT_THAT(update(change, {"legal_name"}), HasReason(Reason::kInvalidField));
  change.set_home_region("regions/none");
  EXPECT_THAT(update(change, {"home_region"}), HasReason(Reason::kReferenceNotFound));
  change.set_home_region("elsewhere");
  EXPECT_THAT(update(change, {"home_region"}), Blames("partner.home_region"));
  change.set_name("partners/none");
  EXPECT_THAT(update(change, {"time_zone"}), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::Partner read, GetPartner("partners/p-1"));
  EXPECT_EQ(read.SerializeAsString(), updated.SerializeAsString());
}

TEST_F(ServiceTest, EveryBadFieldIsNamed) {
  v1::Partner partner;
  partner.set_currency("dollars");
  partner.set_time_zone("Mars/Base");
  const auto refused = CreatePartner("p-1", partner);
  EXPECT_THAT(refused, HasReason(Reason::kInvalidField));
  for (const char* field : {"partner.legal_name", "partner.kind", "partner.currency", "partner.time_zone"}) {
    EXPECT_THAT(refused, Blames(field));
  }
  EXPECT_THAT(CreatePartner("Not An Id"), Blames("partner_id"));
  v1::Partner lines = NewPartner("two\nlines");
  EXPECT_THAT(CreatePartner("p-1", lines), Blames("partner.legal_name"));
  EXPECT_THAT(GetPartner("partner/p-1"), Blames("name"));
  ASSERT_OK(CreatePartner("p-1"));
  EXPECT_THAT(CreatePartner("p-1"), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(CreateGrant("partners/p-1", {"regions/none"}), Blames("territory_grant.regions[0]"));
  EXPECT_THAT(CreateGrant("partners/p-1", {"region/x", "x"}), Blames("territory_grant.regions[1]"));
}

TEST_F(ServiceTest, ValidateOnlyChangesNothing) {
  v1::CreatePartnerRequest request;
  *request.mutable_partner() = NewPartner();
  request.set_partner_id("p-1");
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner, Call<v1::Partner>(kPartners, "CreatePartner", request));
  EXPECT_EQ(partner.name(), "partners/p-1");
  EXPECT_THAT(GetPartner("partners/p-1"), HasReason(Reason::kNotFound));
  v1::BatchImportRegionsRequest regions;
  AddRegion(&regions, "aw-1");
  AddRegion(&regions, "aw-2", "none");
  regions.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const auto reply, Call<api::v1::BatchImportResponse>(kRegions, "BatchImportRegions", regions));
  EXPECT_EQ(reply.accepted(), 1);
  ASSERT_EQ(reply.errors_size(), 1);
  EXPECT_EQ(reply.errors(0).column(), "parent_region");
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(ServiceTest, APartnersUserSeesItsOwnAlone) {
  Territories();
  for (const char* id : {"p-1", "p-2"}) {
    ASSERT_OK(CreatePartner(id));
    SignedAgreement(StrCat("partners/", id));
    ASSERT_OK(CreateGrant(StrCat("partners/", id), {"regions/aw-1"}));
  }
  const auto user = service_.UserOf("p-1");
  const auto get = [&](std::string_view name) {
    v1::GetPartnerRequest request;
    request.set_name(std::string(name));
    return As<v1::Partner>(*user, kPartners, "GetPartner", request);
  };
  EXPECT_OK(get("partners/p-1"));
  const absl::Status existing = get("partners/p-2").status();
  const absl::Status absent = get("partners/p-9").status();
  EXPECT_THAT(existing, HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(existing.code(), absent.code());
  EXPECT_EQ(ReasonOf(existing), ReasonOf(absent));
  EXPECT_THAT(As<v1::ListPartnersResponse>(*user, kPartners, "ListPartners", v1::ListPartnersRequest()),
              HasReason(Reason::kPermissionDenied));

  for (const char* parent : {"partners/p-1", "partners/-"}) {
    v1::ListAgreementsRequest agreements;
    agreements.set_parent(parent);
    ASSERT_OK_AND_ASSIGN(const auto mine,
                         As<v1::ListAgreementsResponse>(*user, kAgreements, "ListAgreements", agreements));
    ASSERT_EQ(mine.agreements_size(), 1) << parent;
    EXPECT_EQ(mine.agreements(0).name(), "partners/p-1/agreements/main");
    v1::ListTerritoryGrantsRequest grants;
    grants.set_parent(parent);
    ASSERT_OK_AND_ASSIGN(const auto held,
                         As<v1::ListTerritoryGrantsResponse>(*user, kGrants, "ListTerritoryGrants", grants));
    ASSERT_EQ(held.territory_grants_size(), 1) << parent;
  }
  v1::ListAgreementsRequest others;
  others.set_parent("partners/p-2");
  EXPECT_THAT(As<v1::ListAgreementsResponse>(*user, kAgreements, "ListAgreements", others),
              HasReason(Reason::kPermissionDenied));
  // A manager lists both.
  others.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto all, Call<v1::ListAgreementsResponse>(kAgreements, "ListAgreements", others));
  EXPECT_EQ(all.agreements_size(), 2);
  // Reference data is everybody's.
  v1::GetRegionRequest region;
  region.set_name("regions/aw-1");
  EXPECT_OK(As<v1::Region>(*user, kRegions, "GetRegion", region));
}

TEST_F(ServiceTest, PagesAndFilters) {
  for (int i = 0; i < 120; ++i) {
    v1::Partner partner = NewPartner(i % 3 == 0 ? "Acme" : "Other");
    if (i % 4 == 0) partner.set_currency("EUR");
    ASSERT_OK(CreatePartner(StrCat("p-", 1000 + i), partner));
  }
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-1007")));
  const auto all = [&](int page_size, const std::string& filter, bool show_deleted, int* pages) {
    std::vector<std::string> names;
    v1::ListPartnersRequest request;
    request.set_page_size(page_size);
    request.set_filter(filter);
    request.set_show_deleted(show_deleted);
    *pages = 0;
    do {
      const auto reply = Call<v1::ListPartnersResponse>(kPartners, "ListPartners", request);
      EXPECT_OK(reply);
      if (!reply.ok()) return names;
      ++*pages;
      for (const v1::Partner& partner : reply->partners()) names.push_back(partner.name());
      request.set_page_token(reply->next_page_token());
    } while (!request.page_token().empty());
    return names;
  };
  int pages = 0;
  const std::vector<std::string> names = all(7, "", true, &pages);
  EXPECT_THAT(names, SizeIs(120));
  EXPECT_EQ(pages, 18);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THAT(all(0, "", false, &pages), SizeIs(119));
  EXPECT_EQ(pages, 3);  // of 50
  EXPECT_THAT(all(1000, "", true, &pages), SizeIs(120));
  EXPECT_EQ(pages, 1);
  EXPECT_THAT(all(5, "legal_name = \"Acme\" AND currency = EUR", true, &pages), SizeIs(10));
  EXPECT_THAT(all(5, "state = TERMINATED", true, &pages), ElementsAre("partners/p-1007"));

  v1::ListPartnersRequest request;
  const auto list = [&] { return Call<v1::ListPartnersResponse>(kPartners, "ListPartners", request); };
  for (const char* filter : {"colour = red", "state = GREEN", "state = ACTIVE AND kind = DEALER OR kind = RETAILER",
                             "state >", "legal_name = \"unfinished", "state = ACTIVE; DROP TABLE partner"}) {
    request.set_filter(filter);
    EXPECT_THAT(list(), HasReason(Reason::kFilterInvalid)) << filter;
  }
  request.set_filter("");
  request.set_page_size(-1);
  EXPECT_THAT(list(), Blames("page_size"));
  // A token belongs to its query.
  request.set_page_size(5);
  ASSERT_OK_AND_ASSIGN(const auto first, list());
  request.set_page_token(first.next_page_token());
  request.set_filter("currency = EUR");
  EXPECT_THAT(list(), HasReason(Reason::kPageTokenInvalid));
  request.set_filter("");
  request.set_show_deleted(true);
  EXPECT_THAT(list(), HasReason(Reason::kPageTokenInvalid));
  request.set_show_deleted(false);
  request.set_page_token("abc");
  EXPECT_THAT(list(), HasReason(Reason::kPageTokenInvalid));
}

// Whoever comes second is told who has the number, also where many come at once.
TEST_F(ServiceTest, ATaxIdIsOfOneOpenPartner) {
  const auto with = [](v1::TaxId::Type type, const char* value) {
    v1::Partner partner = NewPartner();
    partner.add_tax_ids()->set_type(type);
    partner.mutable_tax_ids(0)->set_value(value);
    return partner;
  };
  EXPECT_THAT(CreatePartner("p-0", with(v1::TaxId::CN_USCC, "91330100799655058A")), Blames("partner.tax_ids[0].value"));
  EXPECT_THAT(CreatePartner("p-0", with(v1::TaxId::TYPE_UNSPECIFIED, "1")), Blames("partner.tax_ids[0].type"));
  const v1::Partner coded = with(v1::TaxId::CN_USCC, "91330100799655058B");
  std::atomic<int> made{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      const auto partner = CreatePartner(StrCat("p-", i), coded);
      if (partner.ok()) {
        ++made;
      } else {
        EXPECT_THAT(partner, HasReason(Reason::kStateConflict));
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(made, 1);
  v1::ListPartnersRequest list;
  list.set_filter("tax_ids:\"91330100799655058B\"");
  ASSERT_OK_AND_ASSIGN(const auto found, Call<v1::ListPartnersResponse>(kPartners, "ListPartners", list));
  ASSERT_EQ(found.partners_size(), 1);
  EXPECT_EQ(found.partners(0).tax_ids(0).type(), v1::TaxId::CN_USCC);
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", found.partners(0).name())));
  EXPECT_OK(CreatePartner("p-9", coded));
  EXPECT_OK(CreatePartner("p-10", with(v1::TaxId::OTHER, "77")));
  EXPECT_OK(CreatePartner("p-11", with(v1::TaxId::OTHER, "77")));
}

TEST_F(ServiceTest, ManyCallersAtOnceLoseNoUpdate) {
  ASSERT_OK(CreatePartner("p-1"));
  constexpr int kCallers = 8, kEach = 10;
  std::vector<std::thread> callers;
  std::atomic<int> done{0};
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const auto client = service_.Manager();
      for (int n = 0; n < kEach; ++n) {
        v1::UpdatePartnerRequest request;
        request.mutable_partner()->set_name("partners/p-1");
        request.mutable_partner()->set_account_manager(StrCat(i, " ", n));
        request.mutable_update_mask()->add_paths("account_manager");
        request.set_request_id(NewRequestId());
        if (client->Call<v1::Partner>(StrCat(kPartners, "UpdatePartner"), request).ok()) ++done;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(done, kCallers * kEach);
  EXPECT_EQ(Told().count("updated partners/p-1"), static_cast<size_t>(kCallers * kEach));
}

}  // namespace
}  // namespace tributary::partner
