#pragma once

// TraceService: where units are and went.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/sell_through/sell_through_sale_store.h"
#include "inventory-service/serials/serial_store.h"
#include "inventory-service/traces/trace_store.h"
#include "tributary/inventory/v1/trace.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class TraceService {
 public:
  // The tokens outlive it.
  explicit TraceService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status GetUnit(const rpc::Call& call, rpc::Unit& unit, const v1::GetSerialUnitRequest& request,
                       v1::SerialUnit* reply);
  absl::Status ListUnits(const rpc::Call& call, rpc::Unit& unit, const v1::ListSerialUnitsRequest& request,
                         v1::ListSerialUnitsResponse* reply);
  absl::Status UpdateUnit(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateSerialUnitRequest& request,
                          v1::SerialUnit* reply);
  absl::Status Trace(const rpc::Call& call, rpc::Unit& unit, const v1::TraceStockRequest& request,
                     v1::TraceStockResponse* reply);
  absl::Status Recall(const rpc::Call& call, rpc::Unit& unit, const v1::RecallLotRequest& request,
                      v1::RecallLotResponse* reply);

 private:
  const PageTokens& page_tokens_;
  TraceStore store_;
  SerialStore serials_;
  SellThroughSaleStore sales_;
};

}  // namespace tributary::inventory
