#pragma once

// StockFindingService: facts of stock that contradict a rule.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/stock_findings/stock_finding_store.h"
#include "tributary/inventory/v1/stock_finding.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class StockFindingService {
 public:
  // The tokens outlive it.
  explicit StockFindingService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStockFindingRequest& request,
                   v1::StockFinding* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockFindingsRequest& request,
                    v1::ListStockFindingsResponse* reply);

 private:
  const PageTokens& page_tokens_;
  StockFindingStore store_;
};

}  // namespace tributary::inventory
