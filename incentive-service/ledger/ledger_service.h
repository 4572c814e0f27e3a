#pragma once

// The RPCs of the ledger.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/ledger/accrual_entering.h"
#include "incentive-service/ledger/accrued_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/programs/program_store.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"

namespace tributary::incentive {

class LedgerService {
 public:
  LedgerService(const PageTokens& tokens, const AccrualEntering& entering) : tokens_(tokens), entering_(entering) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetLedgerEntryRequest& request,
                   v1::LedgerEntry* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLedgerEntriesRequest& request,
                    v1::ListLedgerEntriesResponse* reply);
  absl::Status GetAged(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgedBalancesRequest& request,
                       v1::AgedBalances* reply);
  absl::Status GetAccrued(const rpc::Call& call, rpc::Unit& unit, const v1::GetAccruedBalancesRequest& request,
                          v1::AccruedBalances* reply);
  absl::Status EnterAccruals(const rpc::Call& call, rpc::Unit& unit, const v1::EnterAccrualsRequest& request,
                             v1::EnterAccrualsResponse* reply);

 private:
  const PageTokens& tokens_;
  const AccrualEntering& entering_;
  LedgerStore ledger_;
  AccruedStore accrued_;
  ProgramStore programs_;
};

}  // namespace tributary::incentive
