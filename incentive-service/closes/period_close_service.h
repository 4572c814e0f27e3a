#pragma once

// The RPCs of closes.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/carried_store.h"
#include "incentive-service/accruals/growth_store.h"
#include "incentive-service/closes/close_work.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/ledger/accrued_store.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/operations/operation_store.h"
#include "incentive-service/period_budgets/budget_use_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/scores/score_store.h"
#include "incentive-service/stacking_plans/stack_reader.h"
#include "incentive-service/standings/standing_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/period_close.pb.h"

namespace tributary::incentive {

class PeriodCloseService {
 public:
  explicit PeriodCloseService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPeriodCloseRequest& request,
                   v1::PeriodClose* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPeriodClosesRequest& request,
                    v1::ListPeriodClosesResponse* reply);
  // States what has been read of inventory's feed at this moment, and says in the watermark how far that is. It does
  // not ask inventory whether more is on its way: no call is made while a transaction is open.
  absl::Status Close(const rpc::Call& call, rpc::Unit& unit, const v1::ClosePeriodRequest& request,
                     google::longrunning::Operation* reply);
  absl::Status StateTrueUps(const rpc::Call& call, rpc::Unit& unit, const v1::StateTrueUpsRequest& request,
                            v1::StateTrueUpsResponse* reply);

  // What the close would store, `statements` of it apart, or why there is none, as DecideClose; STATE_CONFLICT under a
  // stacking plan. It reads, and no more.
  absl::StatusOr<WorkedOutClose> WorkOut(mysql::Transaction& sql, const CloseKey& key, const CloseAsk& ask) const;

  // What late facts did to closed periods, to the entries; what a stacking plan closed is left for the plan to say.
  // `close_period`: of the close that says it. It reads, and no more.
  absl::Status AddTrueUps(mysql::Transaction& sql, const Program& program, const std::string& close_period,
                          CloseWork* work) const;
  // What was due is due no more, but for what is looked at again; of whom a true-up says something has a statement.
  absl::Status SaveTrueUpsDue(mysql::Transaction& sql, const CloseWork& work) const;
  // Whether the payout period before is open.
  absl::StatusOr<bool> BeforeIsOpen(mysql::Transaction& sql, const Program& program, std::string_view period) const;

 private:
  // What was earned in the payout period, to the entries.
  absl::Status AddEarned(mysql::Transaction& sql, const Program& program, const Period& payout, CloseWork* work) const;
  // Accruals of a program that moved since their period was closed, as (partner, first day), and those of later periods
  // into which something of theirs may be carried.
  absl::StatusOr<std::vector<std::pair<std::string, Date>>> TrueUpsDue(mysql::Transaction& sql,
                                                                       const Program& program) const;
  // AddTrueUps of a program with a budget: what one partner's late facts did may be something to all others.
  absl::Status AddTrueUpsWithin(mysql::Transaction& sql, const Program& program, const std::string& close_period,
                                CloseWork* work) const;
  // Keeps what has become of budgets, and enters into the ledger what partners have beyond their shares. It is the last
  // to lock anything.
  absl::Status SaveBudgets(mysql::Transaction& sql, const StatedPeriod& stated, absl::Time now) const;
  // What has become of a closed period, for one partner.
  absl::StatusOr<StatementEntry> TrueUpOf(mysql::Transaction& sql, const Program& program, const Period& scale,
                                          const ClosedPeriod& close, const std::string& close_period,
                                          const std::string& earner, const Earners& earners,
                                          const std::optional<Watermark>& told_by) const;
  // What the program's guarantee adds after all that, to the entries; nothing without one. `closing`: the period that
  // is being closed, if any is.
  absl::Status AddGuarantees(mysql::Transaction& sql, const Program& program, const std::optional<Period>& closing,
                             const std::string& close_period, StatedPeriod* stated) const;

  const PageTokens& tokens_;
  PeriodCloseStore closes_;
  ProgramStore programs_;
  FactStore facts_;
  StatementStore statements_;
  AccrualStore accruals_;
  ExchangeRateStore rates_;
  StackReader stacks_;
  GrowthStore growth_;
  CarriedStore carried_;
  RelationshipStore relationships_;
  ScoreStore scores_;
  BudgetUseStore budgets_;
  LedgerStore ledger_;
  AccruedStore accrued_;
  StandingStore standings_;
  OperationStore operations_;
};

}  // namespace tributary::incentive
