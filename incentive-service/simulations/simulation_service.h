#pragma once

// The RPCs of simulations.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/operations/operation_store.h"
#include "incentive-service/simulations/simulation_store.h"
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
  // Runs as of the watermark that it stores, so that it can be run again with the same answer; holds nobody up.
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSimulationRequest& request,
                      google::longrunning::Operation* reply);

 private:
  const PageTokens& tokens_;
  SimulationStore simulations_;
  FactStore facts_;
  ExchangeRateStore rates_;
  OperationStore operations_;
};

}  // namespace tributary::incentive
