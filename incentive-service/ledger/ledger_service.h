#pragma once

// The RPCs of the ledger.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/ledger/ledger_store.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"

namespace tributary::incentive {

class LedgerService {
 public:
  explicit LedgerService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetLedgerEntryRequest& request,
                   v1::LedgerEntry* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLedgerEntriesRequest& request,
                    v1::ListLedgerEntriesResponse* reply);
  absl::Status GetAged(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgedBalancesRequest& request,
                       v1::AgedBalances* reply);

 private:
  const PageTokens& tokens_;
  LedgerStore ledger_;
};

}  // namespace tributary::incentive
