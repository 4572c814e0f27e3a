#pragma once

// The RPCs of simulations.

#include <string_view>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/operations/operation_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/scores/score_store.h"
#include "incentive-service/simulations/simulation_store.h"
#include "incentive-service/stacking_plans/stacking_plan_store.h"
#include "incentive-service/standings/standing_store.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {

class SimulationService {
 public:
  explicit SimulationService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSimulationRequest& request,
                   v1::Simulation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSimulationsRequest& request,
                    v1::ListSimulationsResponse* reply);
  absl::Status ListPartners(const rpc::Call& call, rpc::Unit& unit, const v1::ListSimulationPartnersRequest& request,
                            v1::ListSimulationPartnersResponse* reply);
  // Runs as of the watermark that it stores, so that it can be run again with the same answer; holds nobody up.
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSimulationRequest& request,
                      google::longrunning::Operation* reply);

 private:
  absl::StatusOr<SimulationResult> Run(mysql::Transaction& sql, const Program& program,
                                       const Watermark& watermark) const;
  // STATE_CONFLICT naming the plan, where a stacking plan evaluates the program in one of the periods: what it pays by
  // itself is not what it is worth.
  absl::Status CheckStandsAlone(mysql::Transaction& sql, const Program& program, const SimulationResult& result) const;
  // Puts the program of that name beside the result.
  absl::Status Compare(mysql::Transaction& sql, std::string_view name, Simulation* simulation) const;

  const PageTokens& tokens_;
  SimulationStore simulations_;
  ProgramStore programs_;
  FactStore facts_;
  ExchangeRateStore rates_;
  ScoreStore scores_;
  StandingStore standings_;
  StackingPlanStore plans_;
  OperationStore operations_;
};

}  // namespace tributary::incentive
