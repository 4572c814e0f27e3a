#pragma once

// The RPCs of opening balances.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/opening_balances/opening_balance_store.h"
#include "incentive-service/opening_balances/opening_volume_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/stacking_plans/stack_reader.h"
#include "incentive-service/standings/standing_store.h"
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
  // One without volumes is recorded at once: its lots are credited in the same transaction.
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateOpeningBalanceRequest& request,
                      v1::OpeningBalance* reply);
  absl::Status ApproveBalance(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveOpeningBalanceRequest& request,
                              v1::OpeningBalance* reply);
  absl::Status RejectBalance(const rpc::Call& call, rpc::Unit& unit, const v1::RejectOpeningBalanceRequest& request,
                             v1::OpeningBalance* reply);

 private:
  template <typename Request>
  absl::StatusOr<OpeningBalance> Load(rpc::Unit& unit, const Request& request) const;
  // The volume's program, with the period that it is of, where it may begin so. The set of programs is locked, so that
  // nothing is closed meanwhile.
  absl::StatusOr<Program> CheckVolume(mysql::Transaction& sql, const OpeningBalance& balance, size_t volume,
                                      Period* period) const;
  // Credits the lots, and has the volumes count.
  absl::Status Record(mysql::Transaction& sql, const OpeningBalance& balance, rpc::Unit& unit, absl::Time now) const;

  const PageTokens& tokens_;
  OpeningBalanceStore balances_;
  OpeningVolumeStore volumes_;
  ProgramStore programs_;
  PeriodCloseStore closes_;
  StackReader stacks_;
  FactStore facts_;
  StandingStore standings_;
  AccrualStore accruals_;
  WalletStore wallets_;
  LedgerStore ledger_;
};

}  // namespace tributary::incentive
