#include "incentive-service/simulations/simulation_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/simulations/simulation_proto.h"

namespace tributary::incentive {

void SimulationService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.SimulationService", this)
      .Unary("GetSimulation", &SimulationService::Get)
      .Unary("ListSimulations", &SimulationService::List)
      .Unary("CreateSimulation", &SimulationService::Create);
}

absl::Status SimulationService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSimulationRequest& request,
                                    v1::Simulation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "simulations/{simulation}"));
  ASSIGN_OR_RETURN(const Simulation simulation, simulations_.Get(unit.sql(), ids[0]));
  *reply = ToProto(simulation);
  return absl::OkStatus();
}

absl::Status SimulationService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSimulationsRequest& request,
                                     v1::ListSimulationsResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, SimulationStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<Simulation> simulations,
                   simulations_.List(unit.sql(), query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &simulations, [](const Simulation& simulation) { return std::vector{simulation.id}; }));
  for (const Simulation& simulation : simulations) *reply->add_simulations() = ToProto(simulation);
  return absl::OkStatus();
}

absl::Status SimulationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateSimulationRequest& request,
                                       google::longrunning::Operation* reply) {
  ASSIGN_OR_RETURN(Program program, TermsFromProto(request.simulation().program(), "simulation.program"));
  const Uuid uid = Uuid::New(call.now);
  ASSIGN_OR_RETURN(Watermark watermark, facts_.ReadWatermark(unit.sql()));
  Simulation simulation{.id = request.simulation_id().empty() ? uid.ToString() : request.simulation_id(),
                        .uid = uid,
                        .create_time = call.now,
                        .program = std::move(program),
                        .watermark = std::move(watermark)};
  const Program& terms = simulation.program;
  ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, facts_.TotalsAsOf(unit.sql(), terms, simulation.watermark));
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(unit.sql(), terms, terms.effective));
  ASSIGN_OR_RETURN(simulation.result, Simulate(terms, totals, rates));
  RETURN_IF_ERROR(simulations_.Insert(unit.sql(), simulation));
  ASSIGN_OR_RETURN(*reply, operations_.Finish(unit.sql(), ToProto(simulation), call.now));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
