#include "incentive-service/simulations/simulation_service.h"

#include <algorithm>
#include <map>
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
#include "incentive-service/accruals/counting.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/programs/revision.h"
#include "incentive-service/simulations/simulation_proto.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kCompareWith = "simulation.compare_with";
constexpr std::string_view kInPlaceOf = "simulation.in_place_of";

// `status` of reading what `field` refers to: where it is not there, REFERENCE_NOT_FOUND.
absl::Status Referred(const absl::Status& status, std::string_view field, std::string_view name,
                      std::string_view want) {
  if (ReasonOf(status) != Reason::kNotFound) return status;
  const FieldViolation violation{std::string(field), std::string(name), std::string(want)};
  return WithDetail(absl::StatusCode::kFailedPrecondition,
                    StrCat(field, ": got '", violation.got, "', which is not there, want ", violation.want),
                    {.reason = Reason::kReferenceNotFound, .violations = {violation}});
}

// Terms, perhaps in the place of a program, a plan, or a plan with terms in the place of a member.
absl::Status CheckAsked(const v1::Simulation& asked) {
  const bool plan = !asked.stacking_plan().empty(), member = !asked.in_place_of().empty();
  if (!asked.has_program() && (member || !plan)) {
    return InvalidField("simulation.program", "nothing", "the terms to try");
  }
  if (asked.has_program() && plan && !member) {
    return InvalidField("simulation.in_place_of", "nothing", "the member of the plan whose terms are tried");
  }
  return absl::OkStatus();
}

}  // namespace

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

absl::StatusOr<SimulationService::Ground> SimulationService::StandOn(mysql::Transaction& sql, absl::Time deadline,
                                                                     bool sums) {
  Ground ground;
  if (sums) {
    ASSIGN_OR_RETURN(ground.resident, resident_.Read(deadline));
  }
  if (ground.resident.has_value()) {
    ground.watermark = ground.resident->watermark();
  } else {
    ASSIGN_OR_RETURN(ground.watermark, facts_.ReadWatermark(sql));
  }
  return ground;
}

absl::StatusOr<StackTried> SimulationService::ReadStack(mysql::Transaction& sql, std::string_view name,
                                                        std::string_view field,
                                                        const std::optional<Program>& in_place) const {
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(name, field));
  absl::StatusOr<DeclaredPlan> plan = plans_.Get(sql, id);
  RETURN_IF_ERROR(Referred(plan.status(), field, name, "a stacking plan"));
  ASSIGN_OR_RETURN(std::vector<Program> members, stacks_.Programs(sql, plan->rules));
  return TryStack(*std::move(plan), std::move(members), in_place);
}

absl::StatusOr<OpeningVolumes> SimulationService::ReadVolumes(mysql::Transaction& sql, const Program& program,
                                                              const std::string& own, std::string_view field) const {
  OpeningVolumes volumes;
  if (own.empty()) return volumes;
  ASSIGN_OR_RETURN(volumes, volumes_.All(sql, own));
  if (volumes.empty()) return volumes;
  ASSIGN_OR_RETURN(const Program opened, programs_.Get(sql, own));
  for (auto of_period = volumes.begin(); of_period != volumes.end();) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(opened.period, of_period->first));
    if (!program.effective.Contains(period.range.start)) {
      of_period = volumes.erase(of_period);
      continue;
    }
    if (const std::string_view with = KeepsVolumeOut(program, opened, period); !with.empty()) {
      const auto& [partner, volume] = *of_period->second.begin();
      return InvalidField(field, StrCat(opened.name(), ", by terms with ", with),
                          StrCat("terms by which its ", period.id, " may begin with what partners/", partner, "/",
                                 volume.balance, " tells of it"));
    }
    ++of_period;
  }
  return volumes;
}

absl::StatusOr<SimulationResult> SimulationService::Run(mysql::Transaction& sql, const Program& program,
                                                        const std::string& own, std::string_view field,
                                                        const Ground& ground) const {
  ASSIGN_OR_RETURN(const OpeningVolumes volumes, ReadVolumes(sql, program, own, field));
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, program.effective));
  ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, program.effective));
  if (program.reads_lines()) {
    // What statements of a program said of costs holds for these; here both sides go by what is known now.
    Program unstated = program;
    unstated.id.clear();
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesAsOf(sql, unstated, program.effective, ground.watermark));
    RETURN_IF_ERROR(standings_.Attribute(sql, program, nullptr, std::nullopt, &lines));
    return Simulate(program, TotalsOf(program, lines, ground.watermark), rates, scores, volumes);
  }
  const Program whole = WithReferences(program);
  if (ground.resident.has_value() && program.asks_net_sums() && !CountsByDay(program)) {
    return Simulate(program, ground.resident->Totals(whole), rates, scores, volumes);
  }
  ASSIGN_OR_RETURN(std::vector<FactTotal> totals, facts_.TotalsAsOf(sql, whole, ground.watermark));
  RETURN_IF_ERROR(AttributeTotals(sql, program, &totals));
  return Simulate(program, totals, rates, scores, volumes);
}

absl::Status SimulationService::AttributeTotals(mysql::Transaction& sql, const Program& program,
                                                std::vector<FactTotal>* totals) const {
  if (!program.rolls_up) return absl::OkStatus();
  std::map<std::string, Earners> by_period;
  for (FactTotal& total : *totals) {
    const Period period = PeriodOf(program.period, total.basis_date);
    const auto [earners, unread] = by_period.try_emplace(period.id);
    if (unread) {
      ASSIGN_OR_RETURN(earners->second, growth_.ReadEarners(sql, program, period));
    }
    total.partner = earners->second.EarnerOf(total.partner, total.basis_date);
  }
  return absl::OkStatus();
}

absl::StatusOr<SimulationResult> SimulationService::Run(mysql::Transaction& sql, const StackTried& stack,
                                                        const DateRange& days, const Watermark& watermark) const {
  StackSimulation simulation(stack);
  const Basis basis = stack.members[0].basis;
  const Periods& periods = stack.members[0].period;
  ASSIGN_OR_RETURN(const std::optional<DateRange> dated, facts_.DaysWithLines(sql, basis, days));
  if (!dated.has_value()) return std::move(simulation).Take();
  const DateRange reached = DaysInCommon(*dated, periods.days());
  for (Date day = reached.start; day < reached.end;) {
    const Period period = PeriodOf(periods, day);
    day = period.range.end;
    if (!days.Contains(period.range.start)) continue;
    ASSIGN_OR_RETURN(std::vector<FactLine> lines,
                     facts_.Lines(sql, basis, {period.range.start, std::min(period.range.end, days.end)}));
    std::erase_if(lines, [&](const FactLine& line) { return !WasLive(line, watermark); });
    for (FactLine& line : lines) line.reversed.reset();  // what takes it back was told later
    RETURN_IF_ERROR(standings_.Attribute(sql, stack.members, nullptr, std::nullopt, &lines));
    std::map<std::string, Rates> rates;
    for (const Program& member : stack.members) {
      if (member.rate_type.empty()) continue;
      ASSIGN_OR_RETURN(rates[member.id], rates_.Read(sql, member, period.range));
    }
    RETURN_IF_ERROR(simulation.Add(period, std::move(lines), std::move(rates)));
  }
  return std::move(simulation).Take();
}

absl::Status SimulationService::CheckStandsAlone(mysql::Transaction& sql, const Program& program,
                                                 const SimulationResult& result) const {
  for (const PeriodResult& one : result.periods) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(program.period, one.period));
    ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, plans_.PlanOf(sql, program.id, period.range.start));
    if (!plan.has_value()) continue;
    return Error(Reason::kStateConflict,
                 StrCat(kCompareWith, ": got ", program.name(), ", which ", plan->name(), " evaluates in ", period.id,
                        ", want that plan, or a program that stands by itself"),
                 {{"resource", plan->name()}});
  }
  return absl::OkStatus();
}

absl::Status SimulationService::CompareProgram(mysql::Transaction& sql, std::string_view name, const DateRange& days,
                                               const Ground& ground, Simulation* simulation) const {
  ASSIGN_OR_RETURN(const RevisionName revision, ParseRevisionName(name, kCompareWith));
  absl::StatusOr<Program> other = programs_.GetRevision(sql, revision);
  RETURN_IF_ERROR(Referred(other.status(), kCompareWith, name, "a program, or a revision of one"));
  const std::string with = RevisionNameOf(*other);
  RETURN_IF_ERROR(CheckSameCurrency(with, other->terms.currency, simulation->program.terms.currency, kCompareWith));
  other->effective = DaysInCommon(other->effective, days);
  ASSIGN_OR_RETURN(const SimulationResult result, Run(sql, *other, other->id, kCompareWith, ground));
  RETURN_IF_ERROR(CheckStandsAlone(sql, *other, result));
  ASSIGN_OR_RETURN(simulation->comparison, CompareWith(with, result, &simulation->result));
  return absl::OkStatus();
}

absl::Status SimulationService::Compare(mysql::Transaction& sql, std::string_view name,
                                        const std::optional<StackTried>& stack, const Ground& ground,
                                        Simulation* simulation) const {
  const DateRange& days = stack.has_value() ? stack->plan.effective : simulation->program.effective;
  const bool side_by_side = name == kSideBySide && stack.has_value();
  if (!side_by_side && !name.starts_with("stackingPlans/")) return CompareProgram(sql, name, days, ground, simulation);
  std::optional<StackTried> other;
  if (side_by_side) {
    other = SideBySide(*stack);
  } else {
    ASSIGN_OR_RETURN(other, ReadStack(sql, name, kCompareWith));
  }
  RETURN_IF_ERROR(CheckSameCurrency(name, other->currency(), simulation->program.terms.currency, kCompareWith));
  ASSIGN_OR_RETURN(const SimulationResult result,
                   Run(sql, *other, DaysInCommon(other->plan.effective, days), ground.watermark));
  ASSIGN_OR_RETURN(simulation->comparison, CompareWith(std::string(name), result, &simulation->result));
  return absl::OkStatus();
}

absl::Status SimulationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateSimulationRequest& request,
                                       google::longrunning::Operation* reply) {
  const v1::Simulation& asked = request.simulation();
  RETURN_IF_ERROR(CheckAsked(asked));
  mysql::Transaction& sql = unit.sql();
  const Uuid uid = Uuid::New(call.now);
  Simulation simulation{.id = request.simulation_id().empty() ? uid.ToString() : request.simulation_id(),
                        .uid = uid,
                        .create_time = call.now};
  std::optional<Program> terms;
  if (asked.has_program()) {
    ASSIGN_OR_RETURN(const std::optional<FiscalCalendar> calendar,
                     calendars_.Named(sql, asked.program().fiscal_calendar(), "simulation.program.fiscal_calendar"));
    ASSIGN_OR_RETURN(terms, TermsFromProto(asked.program(), "simulation.program", calendar));
    simulation.program = *terms;
  }
  std::optional<StackTried> stack;
  if (asked.stacking_plan().empty() && !asked.in_place_of().empty()) {
    ASSIGN_OR_RETURN(simulation.in_place_of, ProgramIdOf(asked.in_place_of(), kInPlaceOf));
    RETURN_IF_ERROR(
        Referred(programs_.Get(sql, simulation.in_place_of).status(), kInPlaceOf, asked.in_place_of(), "a program"));
  }
  if (!asked.stacking_plan().empty()) {
    if (terms.has_value()) {
      ASSIGN_OR_RETURN(terms->id, ProgramIdOf(asked.in_place_of(), kInPlaceOf));
      terms->version = 0;
    }
    ASSIGN_OR_RETURN(stack, ReadStack(sql, asked.stacking_plan(), "simulation.stacking_plan", terms));
    simulation.plan = PlanTried{stack->plan.id, stack->plan.version, terms.has_value() ? terms->id : ""};
    simulation.program.terms.currency = stack->currency();
  }
  const bool sums = !stack.has_value() && !simulation.program.reads_lines();
  ASSIGN_OR_RETURN(Ground ground, StandOn(sql, call.deadline, sums));
  simulation.watermark = ground.watermark;
  if (stack.has_value()) {
    ASSIGN_OR_RETURN(simulation.result, Run(sql, *stack, stack->plan.effective, ground.watermark));
  } else {
    ASSIGN_OR_RETURN(simulation.result, Run(sql, simulation.program, simulation.in_place_of, kInPlaceOf, ground));
  }
  if (!asked.compare_with().empty()) {
    RETURN_IF_ERROR(Compare(sql, asked.compare_with(), stack, ground, &simulation));
  }
  ground.resident.reset();  // nothing waits for what is written
  RETURN_IF_ERROR(simulations_.Insert(sql, simulation));
  ASSIGN_OR_RETURN(*reply, operations_.Finish(sql, ToProto(simulation), call.now));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
