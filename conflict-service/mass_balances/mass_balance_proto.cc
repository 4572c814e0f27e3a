#include "conflict-service/mass_balances/mass_balance_proto.h"

#include "common/wire/wire.h"

namespace tributary::conflict {

v1::MassBalance ToProto(const KeptBalance& kept, const JudgedBalance& judged) {
  v1::MassBalance message;
  message.set_name(kept.key.name());
  message.set_uid(kept.uid.ToString());
  *message.mutable_create_time() = wire::ToProto(kept.create_time);
  message.set_product(kept.key.product);
  message.set_lot(kept.key.lot.value_or(""));
  *message.mutable_from_date() = wire::ToProto(kept.key.period.start);
  *message.mutable_to_date() = wire::ToProto(kept.key.period.end);
  message.set_unknown(judged.balance.unknown);
  for (const PartnerGap& gap : judged.balance.gaps) {
    v1::PartnerGap& shown = *message.add_gaps();
    shown.set_partner(gap.partner);
    if (gap.gap) *shown.mutable_gap() = wire::ToProto(*gap.gap);
    for (const std::string& missing : gap.missing) shown.add_missing(missing);
  }
  for (const JudgedFlow& flow : judged.flows) {
    const DiversionOdds odds = OddsOf(flow.flow, flow.outside.serials.size(), judged.policy);
    v1::Flow& shown = *message.add_flows();
    shown.set_from_partner(flow.flow.from);
    shown.set_to_partner(flow.flow.to);
    *shown.mutable_least() = wire::ToProto(flow.flow.least);
    *shown.mutable_most() = wire::ToProto(flow.flow.most);
    shown.set_decibans(odds.decibans);
    shown.set_more_needed(odds.more_needed);
    for (const std::string& serial : flow.outside.serials) shown.add_outside_serials(serial);
    shown.set_explanation(Explain(kept.key, judged.balance, flow.flow, flow.outside, judged.policy));
  }
  for (const UnitFlow& flow : judged.unit_flows) {
    const DiversionOdds odds = OddsOf(flow.outside.serials.size(), judged.policy);
    v1::Flow& shown = *message.add_flows();
    shown.set_from_partner(flow.from);
    shown.set_to_partner(flow.holder());
    shown.set_region(flow.territory);
    *shown.mutable_least() = wire::ToProto(flow.least());
    shown.set_decibans(odds.decibans);
    shown.set_more_needed(odds.more_needed);
    for (const std::string& serial : flow.outside.serials) shown.add_outside_serials(serial);
    shown.set_explanation(Explain(kept.key, judged.balance, flow, judged.policy));
  }
  if (!judged.balance.unknown) {
    *message.mutable_unmatched_shortfall() = wire::ToProto(judged.balance.unmatched_shortfall);
    *message.mutable_unmatched_surplus() = wire::ToProto(judged.balance.unmatched_surplus);
  }
  message.set_rule_version(judged.policy.version);
  message.set_by_units(!kept.asked);
  return message;
}

}  // namespace tributary::conflict
