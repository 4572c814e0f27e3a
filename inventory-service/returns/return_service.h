#pragma once

// ReturnService: goods that go back.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/returns/return_store.h"
#include "tributary/inventory/v1/return_authorization.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReturnService {
 public:
  // Both outlive it.
  ReturnService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReturnAuthorizationRequest& request,
                   v1::ReturnAuthorization* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReturnAuthorizationsRequest& request,
                    v1::ListReturnAuthorizationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReturnAuthorizationRequest& request,
                      v1::ReturnAuthorization* reply);
  absl::Status Approve(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveReturnAuthorizationRequest& request,
                       v1::ReturnAuthorization* reply);
  absl::Status Reject(const rpc::Call& call, rpc::Unit& unit, const v1::RejectReturnAuthorizationRequest& request,
                      v1::ReturnAuthorization* reply);
  absl::Status Receive(const rpc::Call& call, rpc::Unit& unit, const v1::ReceiveReturnAuthorizationRequest& request,
                       v1::ReturnAuthorization* reply);

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReturnStore store_;
};

}  // namespace tributary::inventory
