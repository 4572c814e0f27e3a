#pragma once

// SiteService: the places where partners keep stock.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/sites/site_store.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class SiteService {
 public:
  // Both outlive it.
  SiteService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSiteRequest& request, v1::Site* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSitesRequest& request,
                    v1::ListSitesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSiteRequest& request, v1::Site* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateSiteRequest& request, v1::Site* reply);

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  SiteStore store_;
};

}  // namespace tributary::inventory
