#pragma once

// For tests of partners through the wire: a running service, and what its callers do most.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/application.pb.h"
#include "tributary/partner/v1/credit_line.pb.h"
#include "tributary/partner/v1/document.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/relationship.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::partner {

inline constexpr char kPartners[] = "tributary.partner.v1.PartnerService/";
inline constexpr char kApplications[] = "tributary.partner.v1.ApplicationService/";
inline constexpr char kAgreements[] = "tributary.partner.v1.AgreementService/";
inline constexpr char kCreditLines[] = "tributary.partner.v1.CreditLineService/";
inline constexpr char kGrants[] = "tributary.partner.v1.TerritoryGrantService/";
inline constexpr char kRegions[] = "tributary.partner.v1.RegionService/";
inline constexpr char kDocuments[] = "tributary.partner.v1.DocumentService/";
inline constexpr char kRelationships[] = "tributary.partner.v1.PartnerRelationshipService/";
inline constexpr char kImports[] = "tributary.partner.v1.ImportService/";

class PartnersTest : public ::testing::Test {
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

}  // namespace tributary::partner
