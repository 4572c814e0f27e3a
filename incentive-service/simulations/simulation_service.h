#pragma once

// The RPCs of simulations.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/accruals/growth_store.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/facts/resident_fact_store.h"
#include "incentive-service/fiscal_calendars/fiscal_calendar_store.h"
#include "incentive-service/opening_balances/opening_volume_store.h"
#include "incentive-service/operations/operation_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/scores/score_store.h"
#include "incentive-service/simulations/simulation_store.h"
#include "incentive-service/simulations/stack_simulation.h"
#include "incentive-service/stacking_plans/stack_reader.h"
#include "incentive-service/stacking_plans/stacking_plan_store.h"
#include "incentive-service/standings/standing_store.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {

class SimulationService {
 public:
  // `resident` outlives it.
  SimulationService(const PageTokens& tokens, ResidentFactStore& resident) : tokens_(tokens), resident_(resident) {}

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
  // What one call's simulations are run on, all on the same.
  struct Ground {
    Watermark watermark;
    std::optional<ResidentFactStore::Reading> resident;  // nullopt: the database adds up
  };

  // `sums`: whether a program that is simulated adds up its lines.
  absl::StatusOr<Ground> StandOn(mysql::Transaction& sql, absl::Time deadline, bool sums);
  // The plan of that name, perhaps with terms in the place of a member. REFERENCE_NOT_FOUND; errors as TryStack.
  absl::StatusOr<StackTried> ReadStack(mysql::Transaction& sql, std::string_view name, std::string_view field,
                                       const std::optional<Program>& in_place = std::nullopt) const;

  // `own`: the id of the program whose terms they are or would be, with whose opening volumes periods begin; empty: a
  // new program's. INVALID_FIELD `field` where the volumes are of other lines than the terms count.
  absl::StatusOr<SimulationResult> Run(mysql::Transaction& sql, const Program& program, const std::string& own,
                                       std::string_view field, const Ground& ground) const;
  absl::StatusOr<OpeningVolumes> ReadVolumes(mysql::Transaction& sql, const Program& program, const std::string& own,
                                             std::string_view field) const;
  absl::StatusOr<SimulationResult> Run(mysql::Transaction& sql, const StackTried& stack, const DateRange& days,
                                       const Watermark& watermark) const;
  // Has those count for who earns by them, by what is known of relationships now; of a program that rolls up.
  absl::Status AttributeTotals(mysql::Transaction& sql, const Program& program, std::vector<FactTotal>* totals) const;
  // STATE_CONFLICT naming the plan, where a stacking plan evaluates the program in one of the periods: what it pays by
  // itself is not what it is worth.
  absl::Status CheckStandsAlone(mysql::Transaction& sql, const Program& program, const SimulationResult& result) const;
  // Puts the program or the plan of that name beside the result. `stack`: what is simulated, where it is a plan.
  absl::Status Compare(mysql::Transaction& sql, std::string_view name, const std::optional<StackTried>& stack,
                       const Ground& ground, Simulation* simulation) const;
  absl::Status CompareProgram(mysql::Transaction& sql, std::string_view name, const DateRange& days,
                              const Ground& ground, Simulation* simulation) const;

  const PageTokens& tokens_;
  ResidentFactStore& resident_;
  SimulationStore simulations_;
  ProgramStore programs_;
  FiscalCalendarStore calendars_;
  FactStore facts_;
  GrowthStore growth_;
  ExchangeRateStore rates_;
  ScoreStore scores_;
  StandingStore standings_;
  OpeningVolumeStore volumes_;
  StackingPlanStore plans_;
  StackReader stacks_;
  OperationStore operations_;
};

}  // namespace tributary::incentive
