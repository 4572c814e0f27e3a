#include "incentive-service/simulations/simulation_proto.h"

#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/facts/fact_proto.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {
namespace {

// Terms alone: this program was never made.
v1::Program TermsOf(const Program& program) {
  v1::Program terms = ToProto(program);
  terms.clear_name();
  terms.clear_uid();
  terms.clear_etag();
  terms.clear_create_time();
  terms.clear_update_time();
  terms.clear_state();
  return terms;
}

// programs/{program}@{version}, or without a version where the terms are the simulation's own.
std::string NameOf(const MemberResult& member) {
  const std::string name = "programs/" + member.program;
  return member.version == 0 ? name : StrCat(name, "@", member.version);
}

}  // namespace

v1::Simulation ToProto(const Simulation& simulation) {
  const std::string& currency = simulation.program.terms.currency;
  v1::Simulation message;
  message.set_name(simulation.name());
  message.set_uid(simulation.uid.ToString());
  message.set_etag(EtagOf(simulation.version));
  *message.mutable_create_time() = wire::ToProto(simulation.create_time);
  *message.mutable_update_time() = wire::ToProto(simulation.create_time);
  if (simulation.has_terms()) *message.mutable_program() = TermsOf(simulation.program);
  if (simulation.plan.has_value()) {
    const PlanTried& plan = *simulation.plan;
    message.set_stacking_plan("stackingPlans/" + plan.plan);
    if (!plan.in_place_of.empty()) message.set_in_place_of("programs/" + plan.in_place_of);
  } else if (!simulation.in_place_of.empty()) {
    message.set_in_place_of("programs/" + simulation.in_place_of);
  }
  WatermarkToProto(simulation.watermark, message.mutable_watermark(), message.mutable_deal_watermark());
  for (const PeriodResult& period : simulation.result.periods) {
    v1::Simulation::PeriodResult* added = message.add_periods();
    added->set_period(period.period);
    added->set_partners(period.partners);
    *added->mutable_total() = MoneyToProto(period.total, currency);
  }
  for (const MemberResult& member : simulation.result.members) {
    v1::Simulation::MemberResult* added = message.add_members();
    added->set_program(NameOf(member));
    added->set_partners(member.partners);
    added->set_lines(member.lines);
    *added->mutable_total() = MoneyToProto(member.total, currency);
  }
  message.set_statements(simulation.result.statements);
  *message.mutable_total() = MoneyToProto(simulation.result.total, currency);
  message.set_lines(simulation.result.lines);
  message.set_other_currency_lines(simulation.result.other_currency_lines);
  *message.mutable_budget_at_risk() = MoneyToProto(simulation.result.budget_at_risk(), currency);
  if (simulation.program.terms.free_goods.has_value()) {
    *message.mutable_free_goods() = wire::ToProto(simulation.result.free_goods);
  }
  if (!simulation.comparison.has_value()) return message;
  const Comparison& comparison = *simulation.comparison;
  message.set_compare_with(comparison.with);
  v1::Simulation::Comparison& added = *message.mutable_comparison();
  *added.mutable_total() = MoneyToProto(comparison.total, currency);
  *added.mutable_difference() = MoneyToProto(comparison.gained - comparison.lost, currency);
  added.set_winners(comparison.winners);
  *added.mutable_gained() = MoneyToProto(comparison.gained, currency);
  added.set_losers(comparison.losers);
  *added.mutable_lost() = MoneyToProto(comparison.lost, currency);
  added.set_unchanged(comparison.unchanged);
  return message;
}

v1::SimulationPartner ToProto(const PartnerResult& partner, const Simulation& simulation) {
  const std::string& currency = simulation.program.terms.currency;
  v1::SimulationPartner message;
  message.set_name(StrCat(simulation.name(), "/partners/", partner.partner));
  message.set_partner("partners/" + partner.partner);
  message.set_lines(partner.lines);
  *message.mutable_value() = MoneyToProto(partner.value, currency);
  if (simulation.program.terms.free_goods.has_value()) {
    *message.mutable_free_goods() = wire::ToProto(partner.free_goods);
  }
  for (const MemberOfPartner& member : partner.members) {
    v1::SimulationPartner::Member* added = message.add_members();
    added->set_program("programs/" + member.program);
    added->set_lines(member.lines);
    *added->mutable_value() = MoneyToProto(member.value, currency);
  }
  if (!partner.compared.has_value()) return message;
  *message.mutable_compared_value() = MoneyToProto(*partner.compared, currency);
  *message.mutable_difference() = MoneyToProto(partner.difference(), currency);
  message.set_outcome(partner.difference() > 0   ? v1::SimulationPartner::WINNER
                      : partner.difference() < 0 ? v1::SimulationPartner::LOSER
                                                 : v1::SimulationPartner::UNCHANGED);
  return message;
}

}  // namespace tributary::incentive
