#pragma once

// The RPCs of accruals: reads, each evaluated when asked.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "google/protobuf/repeated_field.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/carried_store.h"
#include "incentive-service/accruals/growth_store.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/engine/budget.h"
#include "incentive-service/engine/clawback.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/period_budgets/budget_use_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/scores/score_store.h"
#include "incentive-service/standings/standing_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {

class AccrualService {
 public:
  explicit AccrualService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAccrualRequest& request, v1::Accrual* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAccrualsRequest& request,
                    v1::ListAccrualsResponse* reply);
  absl::Status ListLines(const rpc::Call& call, rpc::Unit& unit, const v1::ListAccrualLinesRequest& request,
                         v1::ListAccrualLinesResponse* reply);
  absl::Status Explain(const rpc::Call& call, rpc::Unit& unit, const v1::ExplainAbsenceRequest& request,
                       v1::ExplainAbsenceResponse* reply);
  absl::Status TellNext(const rpc::Call& call, rpc::Unit& unit, const v1::WhatNextRequest& request,
                        v1::NextTier* reply);

  // What these are worth, to the messages, in their order, without those of groups, and of programs that ask what
  // partners are, in which no line counts; they have been read in this transaction.
  absl::Status Evaluate(mysql::Transaction& sql, const std::vector<Accrual>& accruals,
                        google::protobuf::RepeatedPtrField<v1::Accrual>* messages) const;

 private:
  // What was worked out of groups in a transaction, so that it is once for all members: by the earner's accrual.
  using GroupPricings = std::map<AccrualKey, Pricing>;
  // Of the scale's period up to the accrual's end; `baselines`: what growth of that period is measured against, and who
  // earns by whose lines. Counts, mixes, margins, groups and growth with that of others are worked out from the lines,
  // scores from figures of evaluations too; so is what counts where the program asks what partners are, which is then
  // written to the accrual.
  absl::StatusOr<Pricing> Price(mysql::Transaction& sql, const Program& program, const Baselines& baselines,
                                GroupPricings* groups, Accrual* accrual) const;
  // The same without what is carried into the period.
  absl::StatusOr<Pricing> PriceOwn(mysql::Transaction& sql, const Program& program, const Baselines& baselines,
                                   GroupPricings* groups, Accrual* accrual) const;
  // The same of a program that rolls up.
  absl::StatusOr<Pricing> PriceGroup(mysql::Transaction& sql, const Program& program, const Period& scale,
                                     const std::string& earner, const Earners& earners, GroupPricings* groups) const;
  // With whom lines of the accrual's partner count, and as what, to the message; nothing but of a program that rolls
  // up.
  absl::Status AddGroups(mysql::Transaction& sql, const Accrual& accrual, const Program& program, const Period& scale,
                         const Earners& earners, GroupPricings* groups, v1::Accrual* message) const;
  // By (program, period of its scale), for those of these accruals whose programs measure growth or roll up: one read
  // for all partners of a period.
  using BaselinesByPeriod = std::map<std::pair<std::string, std::string>, Baselines>;
  absl::StatusOr<BaselinesByPeriod> BaselinesOf(mysql::Transaction& sql, const std::map<std::string, Program>& programs,
                                                const std::vector<Accrual>& accruals) const;
  // Of a period of the program's scale and one partner.
  absl::StatusOr<ScoreFigures> FiguresOf(mysql::Transaction& sql, const Program& program, const Period& scale,
                                         const std::string& partner) const;
  // What was said of the accrual's period, where it is closed whole and clawbacks of it are capped.
  absl::StatusOr<std::optional<ClawedPeriod>> ClawedOf(mysql::Transaction& sql, const Accrual& accrual,
                                                       const Program& program, const Period& scale) const;
  absl::Status AddTrueUps(mysql::Transaction& sql, const AccrualKey& key, const Program& program, const Period& scale,
                          v1::Accrual* reply) const;
  // What the program's budget may leave of the accrual; nothing of a program without one.
  absl::Status AddBudget(const rpc::Call& call, mysql::Transaction& sql, const Program& program, const Period& scale,
                         v1::Accrual* reply) const;
  // What each partner asks for by now in a period that is open: its value, without events.
  absl::StatusOr<std::vector<BudgetAsk>> AsksOf(mysql::Transaction& sql, const Program& program,
                                                const Period& scale) const;
  absl::StatusOr<v1::Absence> ExplainOne(mysql::Transaction& sql, const Program& program,
                                         const std::optional<FactLine>& line) const;

  const PageTokens& tokens_;
  AccrualStore accruals_;
  ProgramStore programs_;
  PeriodCloseStore closes_;
  FactStore facts_;
  StatementStore statements_;
  ExchangeRateStore rates_;
  GrowthStore growth_;
  CarriedStore carried_;
  ScoreStore scores_;
  BudgetUseStore budgets_;
  StandingStore standings_;
};

}  // namespace tributary::incentive
