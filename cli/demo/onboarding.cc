// From an application to a partner that may trade.

#include <atomic>

#include "cli/demo/demo.h"
#include "cli/parallel.h"
#include "cli/resources.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/partner/v1/agreement.pb.h"
#include "tributary/partner/v1/application.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::cli {
namespace {

namespace v1 = partner::v1;

// A second run meets what the first has made.
absl::Status Unless(absl::StatusCode code, absl::Status status) {
  return status.code() == code ? absl::OkStatus() : status;
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

template <typename Request>
Request Verb(const std::string& name) {
  Request request;
  request.set_name(name);
  request.set_request_id(NewRequestId());
  return request;
}

class Onboarding {
 public:
  explicit Onboarding(DemoRun& run) : run_(run), client_(run.suite.partner()) {}

  absl::Status Onboard(const v1::Application& listed) {
    v1::Application application = listed;
    if (application.state() == v1::Application::SCREENING) {
      ASSIGN_OR_RETURN(application,
                       Application("ScreenApplication", Verb<v1::ScreenApplicationRequest>(application.name())));
    }
    if (application.state() == v1::Application::IN_REVIEW) {
      ASSIGN_OR_RETURN(application,
                       Application("ApproveApplication", Verb<v1::ApproveApplicationRequest>(application.name())));
    }
    const std::string id = IdOf(application.name());
    const std::string partner = StrCat("partners/", id);
    if (application.state() == v1::Application::APPROVED) {
      auto convert = Verb<v1::ConvertApplicationRequest>(application.name());
      convert.set_partner_id(id);
      RETURN_IF_ERROR(
          client_.Call<v1::Partner>("tributary.partner.v1.ApplicationService/ConvertApplication", convert).status());
    }
    RETURN_IF_ERROR(SignAgreement(partner));
    RETURN_IF_ERROR(Grant(partner, application.home_region()));
    return Unless(absl::StatusCode::kFailedPrecondition,
                  client_
                      .Call<v1::Partner>("tributary.partner.v1.PartnerService/ActivatePartner",
                                         Verb<v1::ActivatePartnerRequest>(partner))
                      .status());
  }

 private:
  template <typename Request>
  absl::StatusOr<v1::Application> Application(std::string_view verb, const Request& request) {
    return client_.Call<v1::Application>(StrCat("tributary.partner.v1.ApplicationService/", verb), request);
  }

  absl::Status SignAgreement(const std::string& partner) {
    const std::string name = StrCat(partner, "/agreements/main");
    v1::CreateAgreementRequest create;
    create.set_parent(partner);
    create.set_agreement_id("main");
    create.set_request_id(NewRequestId());
    create.mutable_agreement()->set_title(run_.manifest.agreement_title);
    create.mutable_agreement()->set_text(run_.manifest.agreement_text);
    *create.mutable_agreement()->mutable_effective_from() = wire::ToProto(run_.manifest.effective_from);
    RETURN_IF_ERROR(
        Unless(absl::StatusCode::kAlreadyExists,
               client_.Call<v1::Agreement>("tributary.partner.v1.AgreementService/CreateAgreement", create).status()));
    v1::GetAgreementRequest get;
    get.set_name(name);
    ASSIGN_OR_RETURN(v1::Agreement agreement,
                     client_.Call<v1::Agreement>("tributary.partner.v1.AgreementService/GetAgreement", get));
    if (agreement.state() == v1::Agreement::DRAFT) {
      ASSIGN_OR_RETURN(agreement, client_.Call<v1::Agreement>("tributary.partner.v1.AgreementService/ProposeAgreement",
                                                              Verb<v1::ProposeAgreementRequest>(name)));
    }
    if (agreement.state() == v1::Agreement::PROPOSED) {
      auto sign = Verb<v1::SignAgreementRequest>(name);
      sign.set_text_sha256(agreement.text_sha256());
      RETURN_IF_ERROR(
          client_.Call<v1::Agreement>("tributary.partner.v1.AgreementService/SignAgreement", sign).status());
    }
    return absl::OkStatus();
  }

  absl::Status Grant(const std::string& partner, std::string region) {
    // The territory is the outermost region around the partner's home.
    for (std::string parent = region; !parent.empty();) {
      region = parent;
      v1::GetRegionRequest get;
      get.set_name(region);
      ASSIGN_OR_RETURN(v1::Region found, client_.Call<v1::Region>("tributary.partner.v1.RegionService/GetRegion", get));
      parent = found.parent_region();
    }
    v1::CreateTerritoryGrantRequest create;
    create.set_parent(partner);
    create.set_territory_grant_id("home");
    create.set_request_id(NewRequestId());
    create.mutable_territory_grant()->add_regions(region);
    create.mutable_territory_grant()->set_exclusivity(v1::TerritoryGrant::NON_EXCLUSIVE);
    *create.mutable_territory_grant()->mutable_effective_from() = wire::ToProto(run_.manifest.effective_from);
    return Unless(
        absl::StatusCode::kAlreadyExists,
        client_.Call<v1::TerritoryGrant>("tributary.partner.v1.TerritoryGrantService/CreateTerritoryGrant", create)
            .status());
  }

  DemoRun& run_;
  rpc::Client& client_;
};

}  // namespace

absl::Status OnboardPartners(DemoRun& run) {
  std::vector<v1::Application> applications;
  RETURN_IF_ERROR(ListAll<v1::ListApplicationsResponse>(
      run.suite.partner(), "tributary.partner.v1.ApplicationService/ListApplications", v1::ListApplicationsRequest(),
      [&](const v1::ListApplicationsResponse& page) {
        applications.insert(applications.end(), page.applications().begin(), page.applications().end());
      }));
  Progress progress("onboarding");
  std::atomic<size_t> done{0};
  return ParallelFor(applications.size(), 12, [&](size_t i) -> absl::Status {
    absl::Status status = Onboarding(run).Onboard(applications[i]);
    progress.Tell(StrCat(++done, " of ", applications.size()));
    return Annotate(status, applications[i].name());
  });
}

}  // namespace tributary::cli
