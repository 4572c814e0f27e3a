#pragma once

// StockReportService: ageing, turnover, days of supply, dead stock, the sign of channel stuffing.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/movements/movement_store.h"
#include "tributary/inventory/v1/stock_report.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class StockReportService {
 public:
  // `page_tokens` outlives it.
  explicit StockReportService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status GetAgeing(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgeingRequest& request,
                         v1::GetAgeingResponse* reply);
  absl::Status GetTurnover(const rpc::Call& call, rpc::Unit& unit, const v1::GetTurnoverRequest& request,
                           v1::GetTurnoverResponse* reply);
  absl::Status GetDaysOfSupply(const rpc::Call& call, rpc::Unit& unit, const v1::GetDaysOfSupplyRequest& request,
                               v1::GetDaysOfSupplyResponse* reply);
  absl::Status ListDeadStock(const rpc::Call& call, rpc::Unit& unit, const v1::ListDeadStockRequest& request,
                             v1::ListDeadStockResponse* reply);
  absl::Status GetStuffingSign(const rpc::Call& call, rpc::Unit& unit, const v1::GetStuffingSignRequest& request,
                               v1::GetStuffingSignResponse* reply);

 private:
  const PageTokens& page_tokens_;
  MovementStore movements_;
};

}  // namespace tributary::inventory
