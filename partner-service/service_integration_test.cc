// The whole service over the wire: from an import of applications to active partners, and what callers do wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/application.pb.h"
#include "tributary/partner/v1/credit_line.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPartners[] = "tributary.partner.v1.PartnerService/";
constexpr char kApplications[] = "tributary.partner.v1.ApplicationService/";
constexpr char kAgreements[] = "tributary.partner.v1.AgreementService/";
constexpr char kCreditLines[] = "tributary.partner.v1.CreditLineService/";
constexpr char kGrants[] = "tributary.partner.v1.TerritoryGrantService/";
constexpr char kRegions[] = "tributary.partner.v1.RegionService/";
constexpr char kImports[] = "tributary.partner.v1.ImportService/";

class ServiceTest : public ::testing::Test {
 protected:
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> As(rpc::Client& client, std::string_view service, std::string_view method,
                           const Request& request) {
    return client.Call<Reply>(StrCat(service, method), request);
  }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(std::string_view service, std::string_view method, const Request& request) {
    return As<Reply>(*manager_, service, method, request);
  }
  // A verb that takes a name, answers the resource.
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Do(std::string_view service, std::string_view method, std::string_view name,
                           std::string_view etag = "") {
    Request request;
    request.set_name(std::string(name));
    request.set_etag(std::string(etag));
    request.set_request_id(NewRequestId());
    return Call<Reply>(service, method, request);
  }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Get(std::string_view service, std::string_view method, std::string_view name) {
    Request request;
    request.set_name(std::string(name));
    return Call<Reply>(service, method, request);
  }
  absl::StatusOr<v1::Partner> GetPartner(std::string_view name) {
    return Get<v1::Partner, v1::GetPartnerRequest>(kPartners, "GetPartner", name);
  }
  absl::StatusOr<v1::Application> GetApplication(std::string_view name) {
    return Get<v1::Application, v1::GetApplicationRequest>(kApplications, "GetApplication", name);
  }

  static v1::Partner NewPartner(std::string_view legal_name = "Acme") {
    v1::Partner partner;
    partner.set_legal_name(std::string(legal_name));
    partner.set_kind(v1::Partner::DEALER);
    partner.set_currency("USD");
    return partner;
  }
  absl::StatusOr<v1::Partner> CreatePartner(std::string_view id, const v1::Partner& partner = NewPartner()) {
    v1::CreatePartnerRequest request;
    *request.mutable_partner() = partner;
    request.set_partner_id(std::string(id));
    request.set_request_id(NewRequestId());
    return Call<v1::Partner>(kPartners, "CreatePartner", request);
  }
  absl::StatusOr<v1::Agreement> CreateAgreement(std::string_view partner, Date from, std::optional<Date> to = {}) {
    v1::CreateAgreementRequest request;
    request.set_parent(std::string(partner));
    request.set_agreement_id("main");
    request.set_request_id(NewRequestId());
    request.mutable_agreement()->set_title("Terms");
    request.mutable_agreement()->set_text("We agree.");
    *request.mutable_agreement()->mutable_effective_from() = wire::ToProto(from);
    if (to.has_value()) *request.mutable_agreement()->mutable_effective_to() = wire::ToProto(*to);
    return Call<v1::Agreement>(kAgreements, "CreateAgreement", request);
  }
  absl::StatusOr<v1::Agreement> Sign(rpc::Client& client, const v1::Agreement& agreement) {
    v1::SignAgreementRequest request;
    request.set_name(agreement.name());
    request.set_text_sha256(agreement.text_sha256());
    request.set_request_id(NewRequestId());
    return As<v1::Agreement>(client, kAgreements, "SignAgreement", request);
  }
  void SignedAgreement(std::string_view partner) {
    ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, CreateAgreement(partner, Date::FromDays(0)));
    ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
    ASSERT_OK(Sign(*manager_, agreement));
  }
  absl::StatusOr<v1::TerritoryGrant> CreateGrant(std::string_view partner, const std::vector<std::string>& regions) {
    v1::CreateTerritoryGrantRequest request;
    request.set_parent(std::string(partner));
    request.set_territory_grant_id("home");
    request.set_request_id(NewRequestId());
    for (const std::string& region : regions) request.mutable_territory_grant()->add_regions(region);
    request.mutable_territory_grant()->set_exclusivity(v1::TerritoryGrant::NON_EXCLUSIVE);
    *request.mutable_territory_grant()->mutable_effective_from() = wire::ToProto(*Date::Parse("2010-10-01"));
    return Call<v1::TerritoryGrant>(kGrants, "CreateTerritoryGrant", request);
  }

  std::string NewImport(std::string_view target) {
    api::v1::CreateImportRequest request;
    request.mutable_import()->set_target(std::string(target));
    request.mutable_import()->set_mapping("test");
    request.mutable_import()->set_source_sha256(std::string(64, 'a'));
    request.set_request_id(NewRequestId());
    const auto import = Call<api::v1::Import>(kImports, "CreateImport", request);
    EXPECT_OK(import);
    return import.ok() ? import->name() : "";
  }
  // Until it is UNDONE; how many rows that was.
  int64_t Undo(const std::string& import) {
    for (;;) {
      api::v1::UndoImportRequest request;
      request.set_name(import);
      request.set_request_id(NewRequestId());
      const auto reply = Call<api::v1::Import>(kImports, "UndoImport", request);
      EXPECT_OK(reply);
      if (!reply.ok()) return -1;
      if (reply->state() == api::v1::Import::UNDONE) return reply->counts().undone();
    }
  }
  static void AddRegion(v1::BatchImportRegionsRequest* request, std::string_view id, std::string_view parent = "",
                        std::string_view display_name = "Somewhere") {
    v1::RegionRow& row = *request->add_rows();
    row.set_row(request->rows_size() + 1);
    row.mutable_region()->set_name(StrCat("regions/", id));
    row.mutable_region()->set_scheme(v1::Region::CUSTOM);
    row.mutable_region()->set_code(std::string(id));
    if (!parent.empty()) row.mutable_region()->set_parent_region(StrCat("regions/", parent));
    row.mutable_region()->set_display_name(std::string(display_name));
  }
  absl::StatusOr<api::v1::BatchImportResponse> ImportRegions(v1::BatchImportRegionsRequest request,
                                                             const std::string& import) {
    request.set_import(import);
    request.set_request_id(NewRequestId());
    return Call<api::v1::BatchImportResponse>(kRegions, "BatchImportRegions", request);
  }
  void Territories() {
    v1::BatchImportRegionsRequest request;
    AddRegion(&request, "aw-1", "", "Northwest");
    AddRegion(&request, "aw-2", "", "Northeast");
    AddRegion(&request, "aw-us-wa", "aw-1", "Washington");
    const auto reply = ImportRegions(request, NewImport("regions"));
    ASSERT_OK(reply);
    ASSERT_EQ(reply->accepted(), 3);
  }
  static void AddApplication(v1::BatchImportApplicationsRequest* request, std::string_view id,
                             std::string_view legal_name = "A Bike Store") {
    v1::ApplicationRow& row = *request->add_rows();
    row.set_row(request->rows_size() + 1);
    v1::Application& application = *row.mutable_application();
    application.set_name(StrCat("applications/", id));
    application.set_legal_name(std::string(legal_name));
    application.set_kind(v1::Partner::RETAILER);
    application.set_currency("USD");
    application.set_home_region("regions/aw-us-wa");
    application.mutable_annual_sales()->set_currency_code("USD");
    application.mutable_annual_sales()->set_units(300000);
    application.set_employees(2);
    application.set_year_opened(1974);
  }
  absl::StatusOr<api::v1::BatchImportResponse> ImportApplications(v1::BatchImportApplicationsRequest request,
                                                                  const std::string& import) {
    request.set_import(import);
    request.set_request_id(NewRequestId());
    return Call<api::v1::BatchImportResponse>(kApplications, "BatchImportApplications", request);
  }
  absl::StatusOr<v1::Partner> Convert(std::string_view application, std::string_view partner_id) {
    v1::ConvertApplicationRequest request;
    request.set_name(std::string(application));
    request.set_partner_id(std::string(partner_id));
    request.set_request_id(NewRequestId());
    return Call<v1::Partner>(kApplications, "ConvertApplication", request);
  }
  // From SUBMITTED to an ACTIVE partner of the same id.
  void Onboard(const std::string& id) {
    const std::string application = StrCat("applications/", id), partner = StrCat("partners/", id);
    ASSERT_OK((Do<v1::Application, v1::ScreenApplicationRequest>(kApplications, "ScreenApplication", application)));
    ASSERT_OK((Do<v1::Application, v1::ApproveApplicationRequest>(kApplications, "ApproveApplication", application)));
    ASSERT_OK(Convert(application, id));
    SignedAgreement(partner);
    ASSERT_OK(CreateGrant(partner, {"regions/aw-1"}));
    ASSERT_OK((Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", partner)));
  }

  // Every event so far, as "verb name", in no order.
  std::multiset<std::string> Told() {
    EXPECT_OK(service_.feed().Refresh());
    const std::vector<int64_t> heads = service_.feed().Heads();
    std::multiset<std::string> told;
    for (int shard = 0; shard < static_cast<int>(heads.size()); ++shard) {
      if (heads[shard] == 0) continue;
      std::vector<events::Event> events;
      std::vector<events::Cursor> read_to;
      const events::ShardRange range{.shard = shard, .after = 0, .upto = heads[shard]};
      EXPECT_OK(service_.feed().Read({&range, 1}, 100000, &events, &read_to));
      for (const events::Event& event : events) told.insert(StrCat(event.verb, " ", event.name));
    }
    return told;
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> manager_ = service_.Manager();
};

TEST_F(ServiceTest, FromApplicationToActivePartnerAndBack) {
  Territories();
  v1::BatchImportApplicationsRequest rows;
  AddApplication(&rows, "r-1");
  ASSERT_OK_AND_ASSIGN(const auto imported, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(imported.accepted(), 1);
  ASSERT_OK_AND_ASSIGN(v1::Application application, GetApplication("applications/r-1"));
  EXPECT_EQ(application.state(), v1::Application::SUBMITTED);
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
  EXPECT_EQ(application.screening().score(), 82);  // 20 + 20 + 20 + 10 + 2 + 10
  EXPECT_EQ(application.screening().criteria_size(), 6);
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
  EXPECT_EQ(application.screening().score(), 40);
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
  content.set_address("1 Main St");
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
  ASSERT_OK_AND_ASSIGN(const v1::Partner updated, update(change, {"home_region", "time_zone", "address"}));
  EXPECT_EQ(updated.legal_name(), "Acme");
  EXPECT_THAT(updated.trade_names(), ElementsAre("ACME"));
  EXPECT_EQ(updated.home_region(), "regions/aw-us-wa");
  EXPECT_EQ(updated.address(), "");
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

TEST_F(ServiceTest, RegionsComeByRowAndAreAnsweredFromMemory) {
  const std::string import = NewImport("regions");
  v1::BatchImportRegionsRequest rows;
  AddRegion(&rows, "aw-1", "", "Northwest");
  AddRegion(&rows, "aw-us-wa", "aw-1", "Washington");
  AddRegion(&rows, "aw-us-wa", "aw-1", "Washington");  // the same again
  AddRegion(&rows, "aw-us-or", "aw-7", "Oregon");      // no such parent
  AddRegion(&rows, "aw-us-wa", "aw-1", "Wash");        // another content
  AddRegion(&rows, "aw-x", "", "");                    // no name
  rows.mutable_rows(5)->mutable_region()->set_scheme(v1::Region::SCHEME_UNSPECIFIED);
  AddRegion(&rows, "aw-2", "aw-2", "Circle");
  ASSERT_OK_AND_ASSIGN(const auto reply, ImportRegions(rows, import));
  EXPECT_EQ(reply.accepted(), 2);
  EXPECT_EQ(reply.duplicate(), 1);
  std::map<int64_t, std::set<std::string>> errors;
  for (const api::v1::RowError& error : reply.errors()) {
    errors[error.row()].insert(StrCat(error.column(), " ", error.reason()));
  }
  EXPECT_THAT(errors[5], ElementsAre("parent_region REFERENCE_NOT_FOUND"));
  EXPECT_THAT(errors[6], ElementsAre("display_name ROW_CONFLICT"));
  EXPECT_THAT(errors[7], ElementsAre("display_name INVALID_FIELD", "scheme INVALID_FIELD"));
  EXPECT_THAT(errors[8], ElementsAre("parent_region INVALID_FIELD"));

  // All of it again changes nothing.
  ASSERT_OK_AND_ASSIGN(const auto again, ImportRegions(rows, NewImport("regions")));
  EXPECT_EQ(again.accepted(), 0);
  EXPECT_EQ(again.duplicate(), 3);
  ASSERT_OK_AND_ASSIGN(const auto counted,
                       (Get<api::v1::Import, api::v1::GetImportRequest>(kImports, "GetImport", import)));
  EXPECT_EQ(counted.counts().accepted(), 2);
  EXPECT_EQ(counted.counts().duplicate(), 1);
  EXPECT_EQ(counted.counts().rejected(), 4);

  const auto get = [&](std::string_view name) {
    return Get<v1::Region, v1::GetRegionRequest>(kRegions, "GetRegion", name);
  };
  ASSERT_OK_AND_ASSIGN(const v1::Region washington, get("regions/aw-us-wa"));
  EXPECT_EQ(washington.parent_region(), "regions/aw-1");
  EXPECT_THAT(get("regions/none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(get("region"), Blames("name"));

  // Once the index has it, the database is not asked: what is changed behind the service's back is not seen.
  ASSERT_OK(service_.feed().Refresh());
  ASSERT_OK(service_.database().Transact(
      {}, [](mysql::Transaction& sql) { return sql.Execute("DELETE FROM region WHERE id = 'aw-us-wa'").status(); }));
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!get("regions/aw-us-wa").ok() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(2));
  ASSERT_OK_AND_ASSIGN(const v1::Region from_memory, get("regions/aw-us-wa"));
  EXPECT_EQ(from_memory.SerializeAsString(), washington.SerializeAsString());
}

TEST_F(ServiceTest, AnUndoneImportOfRegionsFreesTheirIds) {
  v1::BatchImportRegionsRequest rows;
  AddRegion(&rows, "aw-1", "", "Northwest");
  AddRegion(&rows, "aw-us-wa", "aw-1", "Washington");
  const std::string import = NewImport("regions");
  ASSERT_OK(ImportRegions(rows, import));
  EXPECT_EQ(Undo(import), 2);
  EXPECT_THAT(ImportRegions(rows, import), HasReason(Reason::kStateConflict));
  v1::ListRegionsRequest list;
  ASSERT_OK_AND_ASSIGN(auto listed, Call<v1::ListRegionsResponse>(kRegions, "ListRegions", list));
  EXPECT_EQ(listed.regions_size(), 0);
  list.set_show_deleted(true);
  ASSERT_OK_AND_ASSIGN(listed, Call<v1::ListRegionsResponse>(kRegions, "ListRegions", list));
  EXPECT_EQ(listed.regions_size(), 2);
  v1::Partner partner = NewPartner();
  partner.set_home_region("regions/aw-1");
  EXPECT_THAT(CreatePartner("p-1", partner), HasReason(Reason::kReferenceNotFound));

  rows.mutable_rows(0)->mutable_region()->set_display_name("Other");
  ASSERT_OK_AND_ASSIGN(const auto reply, ImportRegions(rows, NewImport("regions")));
  EXPECT_EQ(reply.accepted(), 2);
  EXPECT_OK(CreatePartner("p-1", partner));
}

TEST_F(ServiceTest, AnUndoneImportOfApplicationsTakesItsPartnersBack) {
  Territories();
  v1::BatchImportApplicationsRequest rows;
  for (const char* id : {"r-1", "r-2", "r-3"}) AddApplication(&rows, id);
  const std::string import = NewImport("applications");
  ASSERT_OK(ImportApplications(rows, import));
  Onboard("r-1");
  ASSERT_OK_AND_ASSIGN(const v1::Partner before, GetPartner("partners/r-1"));
  EXPECT_EQ(before.state(), v1::Partner::ACTIVE);
  v1::CreateCreditLineRequest credit;
  credit.set_parent("partners/r-1");
  credit.set_credit_line_id("main");
  credit.set_request_id(NewRequestId());
  credit.mutable_credit_line()->mutable_limit()->set_currency_code("USD");
  credit.mutable_credit_line()->mutable_limit()->set_units(50000);
  *credit.mutable_credit_line()->mutable_valid_from() = wire::ToProto(*Date::Parse("2013-01-01"));
  const auto finance = service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}});
  ASSERT_OK(As<v1::CreditLine>(*finance, kCreditLines, "CreateCreditLine", credit));

  EXPECT_EQ(Undo(import), 3);
  ASSERT_OK_AND_ASSIGN(const v1::Application application, GetApplication("applications/r-1"));
  EXPECT_EQ(application.state(), v1::Application::WITHDRAWN);
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner, GetPartner("partners/r-1"));
  EXPECT_EQ(partner.state(), v1::Partner::TERMINATED);
  ASSERT_OK_AND_ASSIGN(
      const v1::Agreement agreement,
      (Get<v1::Agreement, v1::GetAgreementRequest>(kAgreements, "GetAgreement", "partners/r-1/agreements/main")));
  EXPECT_EQ(agreement.state(), v1::Agreement::TERMINATED);
  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant grant,
                       (Get<v1::TerritoryGrant, v1::GetTerritoryGrantRequest>(kGrants, "GetTerritoryGrant",
                                                                              "partners/r-1/territoryGrants/home")));
  EXPECT_EQ(grant.state(), v1::TerritoryGrant::REVOKED);
  ASSERT_OK_AND_ASSIGN(const v1::CreditLine held, (Get<v1::CreditLine, v1::GetCreditLineRequest>(
                                                      kCreditLines, "GetCreditLine", "partners/r-1/creditLines/main")));
  EXPECT_TRUE(held.on_hold());

  // The same file goes in again, other content and all, and the same ids are given again.
  rows.mutable_rows(1)->mutable_application()->set_legal_name("Another Bike Store");
  ASSERT_OK_AND_ASSIGN(const auto again, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(again.accepted(), 3);
  Onboard("r-1");
  Onboard("r-2");
  ASSERT_OK_AND_ASSIGN(const v1::Partner after, GetPartner("partners/r-1"));
  EXPECT_EQ(after.state(), v1::Partner::ACTIVE);
  EXPECT_NE(after.uid(), before.uid());
  EXPECT_NE(after.etag(), before.etag());
}

TEST_F(ServiceTest, BadRowsOfApplicationsAreToldAndGoodOnesGoIn) {
  Territories();
  v1::BatchImportApplicationsRequest rows;
  AddApplication(&rows, "r-1");
  AddApplication(&rows, "r-2");
  rows.mutable_rows(1)->mutable_application()->set_home_region("regions/none");
  AddApplication(&rows, "r-3");
  rows.mutable_rows(2)->mutable_application()->mutable_annual_sales()->set_units(-1);
  AddApplication(&rows, "r-1", "Another name");
  AddApplication(&rows, "r 4");
  AddApplication(&rows, "r-5");
  rows.mutable_rows(5)->mutable_application()->set_legal_name("");
  AddApplication(&rows, "r-1");
  ASSERT_OK_AND_ASSIGN(const auto reply, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(reply.accepted(), 1);
  EXPECT_EQ(reply.duplicate(), 1);
  std::map<int64_t, std::string> errors;
  for (const api::v1::RowError& error : reply.errors())
    errors[error.row()] = StrCat(error.column(), " ", error.reason());
  EXPECT_EQ(errors.size(), 5u);
  EXPECT_EQ(errors[3], "home_region REFERENCE_NOT_FOUND");
  EXPECT_THAT(errors[4], HasSubstr("annual_sales"));
  EXPECT_EQ(errors[5], "legal_name ROW_CONFLICT");
  EXPECT_EQ(errors[6], "name INVALID_FIELD");
  EXPECT_EQ(errors[7], "legal_name INVALID_FIELD");
  EXPECT_THAT(ImportApplications(rows, NewImport("regions")), Blames("import"));
  EXPECT_THAT(ImportApplications(rows, ""), Blames("import"));
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
        request.mutable_partner()->set_address(StrCat(i, " ", n));
        request.mutable_update_mask()->add_paths("address");
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
