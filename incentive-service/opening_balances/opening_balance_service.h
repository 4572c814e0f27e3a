#pragma once

// The RPCs of opening balances.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/opening_balances/opening_balance_store.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/opening_balance.pb.h"

namespace tributary::incentive {

class OpeningBalanceService {
 public:
  explicit OpeningBalanceService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetOpeningBalanceRequest& request,
                   v1::OpeningBalance* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListOpeningBalancesRequest& request,
                    v1::ListOpeningBalancesResponse* reply);
  // Credits its lots in the same transaction.
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateOpeningBalanceRequest& request,
                      v1::OpeningBalance* reply);

 private:
  const PageTokens& tokens_;
  OpeningBalanceStore balances_;
  WalletStore wallets_;
  LedgerStore ledger_;
};

}  // namespace tributary::incentive
