#pragma once

// PartnerCodeService: what partners call our products, customers and their own sites.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "inventory-service/partner_codes/partner_code_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/sites/site_store.h"
#include "tributary/inventory/v1/partner_code.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class PartnerCodeService {
 public:
  // Both outlive it.
  PartnerCodeService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPartnerCodeRequest& request,
                   v1::PartnerCode* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnerCodesRequest& request,
                    v1::ListPartnerCodesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePartnerCodeRequest& request,
                      v1::PartnerCode* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePartnerCodeRequest& request,
                      v1::PartnerCode* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeletePartnerCodeRequest& request,
                      google::protobuf::Empty* reply);

 private:
  // REFERENCE_NOT_FOUND where the target is not there. Customers are partner-service's and are not looked up.
  absl::Status CheckTarget(rpc::Unit& unit, const PartnerCode& code) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  PartnerCodeStore store_;
  SiteStore sites_;
};

}  // namespace tributary::inventory
