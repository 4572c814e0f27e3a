#include "incentive-service/simulations/simulation_proto.h"

#include "common/paging/etag.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/facts/fact_proto.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {

v1::Simulation ToProto(const Simulation& simulation) {
  const std::string& currency = simulation.program.terms.currency;
  v1::Simulation message;
  message.set_name(simulation.name());
  message.set_uid(simulation.uid.ToString());
  message.set_etag(EtagOf(simulation.version));
  *message.mutable_create_time() = wire::ToProto(simulation.create_time);
  *message.mutable_update_time() = wire::ToProto(simulation.create_time);
  v1::Program& program = *message.mutable_program();
  program = ToProto(simulation.program);
  // Terms alone: this program was never made.
  program.clear_name();
  program.clear_uid();
  program.clear_etag();
  program.clear_create_time();
  program.clear_update_time();
  program.clear_state();
  WatermarkToProto(simulation.watermark, message.mutable_watermark());
  for (const PeriodResult& period : simulation.result.periods) {
    v1::Simulation::PeriodResult* added = message.add_periods();
    added->set_period(period.period);
    added->set_partners(period.partners);
    *added->mutable_total() = MoneyToProto(period.total, currency);
  }
  message.set_statements(simulation.result.statements);
  *message.mutable_total() = MoneyToProto(simulation.result.total, currency);
  message.set_lines(simulation.result.lines);
  message.set_other_currency_lines(simulation.result.other_currency_lines);
  return message;
}

}  // namespace tributary::incentive
