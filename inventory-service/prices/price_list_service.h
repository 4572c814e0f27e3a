#pragma once

// PriceListService: sets of prices that are kept together.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/prices/price_list_store.h"
#include "tributary/inventory/v1/price_list.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class PriceListService {
 public:
  // `page_tokens` outlives it.
  explicit PriceListService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPriceListRequest& request,
                   v1::PriceList* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceListsRequest& request,
                    v1::ListPriceListsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceListRequest& request,
                      v1::PriceList* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePriceListRequest& request,
                      v1::PriceList* reply);
  absl::Status Deactivate(const rpc::Call& call, rpc::Unit& unit, const v1::DeactivatePriceListRequest& request,
                          v1::PriceList* reply);

 private:
  const PageTokens& page_tokens_;
  PriceListStore store_;
};

}  // namespace tributary::inventory
