#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/territory_grants/grant_checks.h"
#include "partner-service/territory_grants/territory_grant_store.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.TerritoryGrantService.
class TerritoryGrantService {
 public:
  // `tokens` outlives the service.
  explicit TerritoryGrantService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetTerritoryGrantRequest& request,
                   v1::TerritoryGrant* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListTerritoryGrantsRequest& request,
                    v1::ListTerritoryGrantsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateTerritoryGrantRequest& request,
                      v1::TerritoryGrant* reply);
  absl::Status Replace(const rpc::Call& call, rpc::Unit& unit, const v1::ReplaceTerritoryGrantRequest& request,
                       v1::TerritoryGrant* reply);
  absl::Status Revoke(const rpc::Call& call, rpc::Unit& unit, const v1::RevokeTerritoryGrantRequest& request,
                      v1::TerritoryGrant* reply);

 private:
  // A new grant of the partner, checked in itself. The fields of what is wrong with it are those of `given`.
  absl::StatusOr<TerritoryGrant> Content(rpc::Unit& unit, const v1::TerritoryGrant& given, const Partner& partner,
                                         std::string_view id, absl::Time now) const;

  const PageTokens& tokens_;
  TerritoryGrantStore grants_;
  PartnerStore partners_;
  GrantChecks checks_;
};

}  // namespace tributary::partner
