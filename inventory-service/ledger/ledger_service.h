#pragma once

// LedgerService: positions and the double-entry stock ledger.

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/ledger/ledger_store.h"
#include "tributary/inventory/v1/ledger.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class LedgerService {
 public:
  // Both outlive it.
  LedgerService(mysql::Database& database, const PageTokens& page_tokens)
      : database_(database), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status GetPosition(const rpc::Call& call, rpc::Unit& unit, const v1::GetPositionRequest& request,
                           v1::Position* reply);
  absl::Status ListPositions(const rpc::Call& call, rpc::Unit& unit, const v1::ListPositionsRequest& request,
                             v1::ListPositionsResponse* reply);
  absl::Status ListStockPostings(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockPostingsRequest& request,
                                 v1::ListStockPostingsResponse* reply);
  absl::Status CheckLedger(const rpc::Call& call, rpc::Unit& unit, const v1::CheckLedgerRequest& request,
                           v1::LedgerBalance* reply);

 private:
  mysql::Database& database_;
  const PageTokens& page_tokens_;
  LedgerStore store_;
};

}  // namespace tributary::inventory
