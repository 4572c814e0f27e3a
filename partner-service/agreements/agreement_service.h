#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/agreements/agreement_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_store.h"
#include "tributary/partner/v1/agreement.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.AgreementService.
class AgreementService {
 public:
  // `tokens` outlives the service.
  explicit AgreementService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgreementRequest& request,
                   v1::Agreement* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAgreementsRequest& request,
                    v1::ListAgreementsResponse* reply);
  absl::Status ListRevisions(const rpc::Call& call, rpc::Unit& unit, const v1::ListAgreementRevisionsRequest& request,
                             v1::ListAgreementRevisionsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateAgreementRequest& request,
                      v1::Agreement* reply);
  absl::Status Propose(const rpc::Call& call, rpc::Unit& unit, const v1::ProposeAgreementRequest& request,
                       v1::Agreement* reply);
  absl::Status Sign(const rpc::Call& call, rpc::Unit& unit, const v1::SignAgreementRequest& request,
                    v1::Agreement* reply);
  absl::Status Renew(const rpc::Call& call, rpc::Unit& unit, const v1::RenewAgreementRequest& request,
                     v1::Agreement* reply);
  absl::Status Terminate(const rpc::Call& call, rpc::Unit& unit, const v1::TerminateAgreementRequest& request,
                         v1::Agreement* reply);

 private:
  // An agreement with its partner, both locked, that one first.
  struct Loaded {
    Partner partner;
    Agreement agreement;
  };
  template <typename Request>
  absl::StatusOr<Loaded> Load(rpc::Unit& unit, const Request& request) const;

  // REFERENCE_NOT_FOUND where a region of the terms is not in use.
  absl::Status CheckRegions(rpc::Unit& unit, const Agreement& agreement, std::string_view field) const;

  const PageTokens& tokens_;
  AgreementStore agreements_;
  PartnerStore partners_;
  RegionStore regions_;
};

}  // namespace tributary::partner
