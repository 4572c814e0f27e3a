#include "incentive-service/simulations/simulation_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/simulations/simulation_proto.h"

namespace tributary::incentive {

void SimulationService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.SimulationService", this)
      .Unary("GetSimulation", &SimulationService::Get)
      .Unary("ListSimulations", &SimulationService::List)
      .Unary("ListSimulationPartners", &SimulationService::ListPartners)
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

absl::Status SimulationService::ListPartners(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::ListSimulationPartnersRequest& request,
                                             v1::ListSimulationPartnersResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "simulations/{simulation}", "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, SimulationStore::PartnerFields()));
  ASSIGN_OR_RETURN(const Simulation simulation, simulations_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(std::vector<PartnerResult> partners,
                   simulations_.ListPartners(unit.sql(), simulation.id, query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &partners, [](const PartnerResult& partner) { return std::vector{partner.partner}; }));
  for (const PartnerResult& partner : partners) *reply->add_simulation_partners() = ToProto(partner, simulation);
  return absl::OkStatus();
}

absl::StatusOr<SimulationResult> SimulationService::Run(mysql::Transaction& sql, const Program& program,
                                                        const Watermark& watermark) const {
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, program.effective));
  ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, program.effective));
  if (program.reads_lines()) {
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, program.effective));
    RETURN_IF_ERROR(standings_.Attribute(sql, program, nullptr, std::nullopt, &lines));
    return Simulate(program, TotalsOf(program, lines, watermark), rates, scores);
  }
  ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, facts_.TotalsAsOf(sql, WithReferences(program), watermark));
  return Simulate(program, totals, rates, scores);
}

absl::Status SimulationService::CheckStandsAlone(mysql::Transaction& sql, const Program& program,
                                                 const SimulationResult& result) const {
  for (const PeriodResult& one : result.periods) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(program.period, one.period));
    ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, plans_.PlanOf(sql, program.id, period.range.start));
    if (!plan.has_value()) continue;
    return Error(Reason::kStateConflict,
                 StrCat("simulation.compare_with: got ", program.name(), ", which ", plan->name(), " evaluates in ",
                        period.id, ", want a program that stands by itself"),
                 {{"resource", plan->name()}});
  }
  return absl::OkStatus();
}

absl::Status SimulationService::Compare(mysql::Transaction& sql, std::string_view name, Simulation* simulation) const {
  constexpr std::string_view kField = "simulation.compare_with";
  ASSIGN_OR_RETURN(const RevisionName revision, ParseRevisionName(name, kField));
  const absl::StatusOr<Program> other = programs_.GetRevision(sql, revision);
  if (ReasonOf(other.status()) == Reason::kNotFound) {
    const FieldViolation violation{std::string(kField), std::string(name), "a program, or a revision of one"};
    return WithDetail(absl::StatusCode::kFailedPrecondition,
                      StrCat(kField, ": got '", violation.got, "', which is not there, want ", violation.want),
                      {.reason = Reason::kReferenceNotFound, .violations = {violation}});
  }
  RETURN_IF_ERROR(other.status());
  ASSIGN_OR_RETURN(const Program compared, Comparable(*other, simulation->program, kField));
  ASSIGN_OR_RETURN(const SimulationResult result, Run(sql, compared, simulation->watermark));
  RETURN_IF_ERROR(CheckStandsAlone(sql, compared, result));
  ASSIGN_OR_RETURN(simulation->comparison, CompareWith(*other, result, &simulation->result));
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
  ASSIGN_OR_RETURN(simulation.result, Run(unit.sql(), simulation.program, simulation.watermark));
  if (const std::string& other = request.simulation().compare_with(); !other.empty()) {
    RETURN_IF_ERROR(Compare(unit.sql(), other, &simulation));
  }
  RETURN_IF_ERROR(simulations_.Insert(unit.sql(), simulation));
  ASSIGN_OR_RETURN(*reply, operations_.Finish(unit.sql(), ToProto(simulation), call.now));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
