#pragma once

// LotService: lots and what of them expires.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/lots/lot_store.h"
#include "tributary/inventory/v1/lot.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class LotService {
 public:
  // The tokens outlive it.
  explicit LotService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetLotRequest& request, v1::Lot* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLotsRequest& request,
                    v1::ListLotsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateLotRequest& request, v1::Lot* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateLotRequest& request, v1::Lot* reply);
  absl::Status ListExpiring(const rpc::Call& call, rpc::Unit& unit, const v1::ListExpiringStockRequest& request,
                            v1::ListExpiringStockResponse* reply);

 private:
  const PageTokens& page_tokens_;
  LotStore store_;
};

}  // namespace tributary::inventory
