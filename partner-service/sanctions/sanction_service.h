#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/sanctions/sanction_enforcer.h"
#include "tributary/partner/v1/sanction.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.SanctionService.
class SanctionService {
 public:
  // `tokens` outlives the service.
  explicit SanctionService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSanctionRequest& request, v1::Sanction* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSanctionsRequest& request,
                    v1::ListSanctionsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSanctionRequest& request,
                      v1::Sanction* reply);
  absl::Status Lift(const rpc::Call& call, rpc::Unit& unit, const v1::LiftSanctionRequest& request,
                    v1::Sanction* reply);

 private:
  // Refused: a grant that is not there; all at once.
  absl::Status CheckGrants(rpc::Unit& unit, const Sanction& sanction) const;

  const PageTokens& tokens_;
  SanctionStore sanctions_;
  SanctionEnforcer enforcer_;
  PartnerStore partners_;
  TerritoryGrantStore grants_;
};

}  // namespace tributary::partner
