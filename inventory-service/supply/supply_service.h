#pragma once

// SupplyService: the vendor's supply and what of it may be promised.

#include <vector>

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/supply/supply_store.h"
#include "tributary/inventory/v1/supply.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class SupplyService {
 public:
  // Outlives it.
  explicit SupplyService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSupplyRequest& request, v1::Supply* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSuppliesRequest& request,
                    v1::ListSuppliesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSupplyRequest& request,
                      v1::Supply* reply);
  absl::Status Check(const rpc::Call& call, rpc::Unit& unit, const v1::CheckAvailabilityRequest& request,
                     v1::Availability* reply);

 private:
  // What may be promised of a product that takes these parts, one of it each; any number where it takes none.
  absl::Status CheckParts(rpc::Unit& unit, const std::vector<KitPart>& parts, Date day, Decimal quantity,
                          v1::Availability* reply) const;

  const PageTokens& page_tokens_;
  SupplyStore store_;
};

}  // namespace tributary::inventory
