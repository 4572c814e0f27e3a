#include "incentive-service/accruals/accrual_proto.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"

namespace tributary::incentive {
namespace {

v1::Accrual AccrualOf(const Accrual& accrual, const Program& program, const Pricing& pricing,
                      const Valuation& valuation, int64_t stated) {
  const std::string& currency = program.terms.currency;
  v1::Accrual message;
  message.set_name(accrual.key.name());
  message.set_program(program.name());
  message.set_period(accrual.key.period);
  const bool with_predecessors = pricing.baseline.has_value() && !pricing.baseline->facts.predecessors.empty();
  const bool others = with_predecessors || program.rolls_up || program.matches_returns();
  message.set_lines(others ? pricing.lines : accrual.sums.lines);
  *message.mutable_qualifying_amount() = MoneyToProto(pricing.amount, currency);
  message.set_exact_qualifying_amount(pricing.amount.ToString());
  *message.mutable_quantity() = wire::ToProto(pricing.quantity);
  ToProto(pricing.converted, message.mutable_converted_amounts());
  message.set_unpriced_lines(pricing.unpriced_lines);
  *message.mutable_evaluation() = ToProto(valuation, program);
  if (pricing.baseline.has_value()) {
    // Growth has no payout periods: the accrual's period is the scale's.
    const absl::StatusOr<Period> scale = ParsePeriod(program.period, accrual.key.period);
    *message.mutable_evaluation()->mutable_growth() = ToProto(*pricing.baseline, program, scale.value_or(Period()));
  }
  ReachToProto(program, pricing, accrual.key.partner, message.mutable_evaluation());
  if (!pricing.members.empty()) {
    *message.mutable_evaluation()->mutable_group() = ToProto(pricing.members, valuation.minor, currency);
  }
  if (const auto& terms = program.terms.free_goods; terms.has_value()) {
    *message.mutable_evaluation()->mutable_goods() = ToProto(WorkOutGoods(*terms, pricing.goods));
  }
  *message.mutable_stated_amount() = MoneyToProto(stated, currency);
  *message.mutable_unstated_amount() = MoneyToProto(valuation.minor - stated, currency);
  message.set_stated(accrual.stated);
  if (program.budget.has_value()) {
    message.mutable_budget()->set_policy(static_cast<v1::Program::PeriodBudget::Policy>(program.budget->policy));
    if (accrual.stated) message.clear_unstated_amount();
  }
  *message.mutable_update_time() = wire::ToProto(accrual.update_time);
  message.set_other_currency_lines(accrual.sums.other_currency_lines);
  return message;
}

}  // namespace

google::type::Money MoneyToProto(int64_t minor, std::string_view currency) {
  return wire::ToProto(Money{std::string(currency), FromMinorUnits(minor, currency).value_or(Decimal())});
}

google::type::Money MoneyToProto(const Rational& amount, std::string_view currency) {
  static const Rational::Integer kNanos(1000000000);
  const Rational::Integer scaled = amount.RoundScaled(9, Rounding::kHalfEven);
  google::type::Money money;
  money.set_currency_code(std::string(currency));
  money.set_units(Rational::Integer(scaled / kNanos).convert_to<int64_t>());
  money.set_nanos(Rational::Integer(scaled % kNanos).convert_to<int32_t>());
  return money;
}

v1::Evaluation ToProto(const Valuation& valuation, const Program& program) {
  const Scale& scale = program.terms.scale;
  v1::Evaluation message;
  message.set_shape(static_cast<v1::Program::Shape>(scale.shape));
  message.set_bound(static_cast<v1::Program::Bound>(scale.bound));
  for (const ScalePart& part : valuation.parts) {
    v1::Evaluation::TierPart* added = message.add_parts();
    *added->mutable_from_amount() = wire::ToProto(scale.tiers[part.tier].from);
    if (const auto to = EndOf(scale, part.tier); to.has_value()) *added->mutable_to_amount() = wire::ToProto(*to);
    *added->mutable_rate() = wire::ToProto(part.rate);
    added->mutable_amount()->set_value(part.amount.ToDecimalString());
    added->set_value(part.value.ToString());
    added->set_interval(IntervalText(scale, part.tier));
    if (!part.once.zero()) *added->mutable_once() = wire::ToProto(part.once);
  }
  message.set_exact_value(valuation.exact.ToString());
  message.set_rounding(ToProto(program.terms.rounding));
  *message.mutable_value() = MoneyToProto(valuation.minor, program.terms.currency);
  message.set_program_etag(EtagOf(program.version));
  message.set_before_limits(valuation.before.ToString());
  message.set_limit(static_cast<v1::Evaluation::Limit>(valuation.limit));
  return message;
}

void ReachToProto(const Program& program, const Pricing& pricing, std::string_view partner, v1::Evaluation* message) {
  message->set_count(pricing.count);
  if (const Carried& carried = pricing.carried; !carried.periods.empty()) {
    for (const PeriodSum& sum : carried.periods) {
      v1::CarriedSteps::Period* added = message->mutable_carried()->add_periods();
      added->set_period(sum.period);
      *added->mutable_amount() = wire::ToProto(sum.amount);
      *added->mutable_quantity() = wire::ToProto(sum.quantity);
    }
    *message->mutable_carried()->mutable_amount() = wire::ToProto(carried.amount);
    *message->mutable_carried()->mutable_quantity() = wire::ToProto(carried.quantity);
  }
  if (const auto& opening = pricing.carried.opening; opening.has_value()) {
    v1::OpeningSteps* steps = message->mutable_opening();
    steps->set_opening_balance(StrCat("partners/", partner, "/", opening->balance));
    steps->set_document(opening->document);
    *steps->mutable_amount() = wire::ToProto(opening->amount);
    *steps->mutable_quantity() = wire::ToProto(opening->quantity);
    *steps->mutable_paid() = MoneyToProto(opening->paid, program.terms.currency);
  }
  if (const auto& terms = program.terms.composite; terms.has_value()) {
    const CompositeScore score = ScoreOf(*terms, pricing.figures, pricing.amount);
    v1::CompositeSteps* steps = message->mutable_composite();
    for (size_t i = 0; i < terms->components.size(); ++i) {
      const ScoreComponent& component = terms->components[i];
      v1::CompositeSteps::Component* added = steps->add_components();
      added->set_component(component.id);
      const auto figure = FigureOf(component, pricing.figures, pricing.amount);
      if (figure.has_value()) added->set_exact_figure(figure->ToString());
      added->set_exact_low(score.components[i].low.ToString());
      added->set_exact_high(score.components[i].high.ToString());
    }
    steps->set_exact_low(score.total.low.ToString());
    steps->set_exact_high(score.total.high.ToString());
  }
  if (program.terms.margin.has_value()) *message->mutable_margin() = ToProto(pricing.margin);
  if (!program.mix_set.has_value()) return;
  *message->mutable_mix()->mutable_set_amount() = wire::ToProto(pricing.set);
  message->mutable_mix()->set_exact_share(ShareText(pricing));
}

v1::MarginSteps ToProto(const MarginSums& margin) {
  v1::MarginSteps message;
  *message.mutable_net_amount() = wire::ToProto(margin.net);
  message.set_exact_cost(margin.cost.ToString());
  message.set_exact_margin(margin.margin().ToString());
  message.set_exact_share(ShareText(margin));
  message.set_uncosted_lines(margin.uncosted);
  return message;
}

v1::GoodsSteps ToProto(const GoodsWork& goods) {
  v1::GoodsSteps message;
  *message.mutable_paid() = wire::ToProto(goods.paid);
  *message.mutable_due() = wire::ToProto(goods.due);
  *message.mutable_given() = wire::ToProto(goods.given);
  return message;
}

v1::GroupSteps ToProto(const std::vector<MemberVolume>& members, int64_t value, std::string_view currency) {
  v1::GroupSteps message;
  const std::vector<MemberShare> shares = ShareGroupRebate(value, members);
  for (size_t i = 0; i < members.size(); ++i) {  // both are by name
    v1::GroupSteps::Member* added = message.add_members();
    added->set_partner(StrCat("partners/", members[i].partner));
    added->set_lines(members[i].lines);
    *added->mutable_volume() = wire::ToProto(members[i].volume);
    *added->mutable_share() = MoneyToProto(shares[i].share, currency);
  }
  return message;
}

absl::StatusOr<std::optional<v1::GroupPart>> GroupPartOf(std::string_view partner, std::string_view earner,
                                                         const Program& program, const Pricing& pricing) {
  const std::vector<MemberVolume>& members = pricing.members;
  const auto own = std::find_if(members.begin(), members.end(),
                                [&](const MemberVolume& member) { return member.partner == partner; });
  if (own == members.end()) return std::nullopt;
  ASSIGN_OR_RETURN(const Valuation valuation, ValueOf(program.terms, pricing));
  Decimal volume;
  for (const MemberVolume& member : members) volume += member.volume;
  v1::GroupPart part;
  part.set_earner(StrCat("partners/", earner));
  part.set_lines(own->lines);
  *part.mutable_volume() = wire::ToProto(own->volume);
  if (volume > Decimal()) part.set_exact_factor((valuation.exact / Rational(volume)).ToString());
  const std::vector<MemberShare> shares = ShareGroupRebate(valuation.minor, members);
  *part.mutable_share() = MoneyToProto(shares[own - members.begin()].share, program.terms.currency);
  return std::optional<v1::GroupPart>(std::move(part));
}

v1::GrowthSteps ToProto(const Baseline& baseline, const Program& program, const Period& scale) {
  const GrowthFacts& facts = baseline.facts;
  v1::GrowthSteps message;
  message.set_outcome(static_cast<v1::GrowthSteps::Outcome>(baseline.outcome));
  if (const auto reference = ReferenceOf(program, scale); reference.has_value()) {
    message.set_reference_period(reference->id);
    *message.mutable_reference_amount() = wire::ToProto(facts.reference);
    message.set_reference_days(static_cast<int32_t>(facts.reference_days));
    message.set_active_days(static_cast<int32_t>(facts.active_days));
  }
  if (baseline.outcome == GrowthOutcome::kMeasured) message.set_exact_baseline(baseline.amount.ToString());
  for (const std::string& partner : facts.predecessors) message.add_predecessors(StrCat("partners/", partner));
  if (!facts.successor.empty()) message.set_successor(StrCat("partners/", facts.successor));
  return message;
}

void ToProto(const std::vector<ConvertedAmount>& converted,
             google::protobuf::RepeatedPtrField<v1::ConvertedAmount>* messages) {
  for (const ConvertedAmount& one : converted) {
    v1::ConvertedAmount* message = messages->Add();
    *message->mutable_date() = wire::ToProto(one.date);
    *message->mutable_amount() = wire::ToProto(Money{one.currency, one.amount});
    message->set_lines(one.lines);
    if (!one.rate.has_value()) continue;
    message->mutable_rate()->set_value(one.rate->ToDecimalString());
    message->set_exact_converted(one.converted().ToString());
  }
}

absl::StatusOr<v1::Accrual> ToProto(const Accrual& accrual, const Program& program, const Pricing& pricing,
                                    int64_t stated, const std::optional<ClawedPeriod>& clawed) {
  const Terms& terms = program.terms;
  ASSIGN_OR_RETURN(const Valuation valuation, ValueOf(terms, pricing));
  v1::Accrual message = AccrualOf(accrual, program, pricing, valuation, stated);
  if (!clawed.has_value()) return message;
  ASSIGN_OR_RETURN(const int64_t stays,
                   StaysStated(*program.clawback_cap, clawed->most, terms.currency, terms.rounding));
  const int64_t due = std::max(stays, valuation.minor);
  *message.mutable_unstated_amount() = MoneyToProto(due - stated, terms.currency);
  *message.mutable_clawback()->mutable_most_stated() = MoneyToProto(clawed->most, terms.currency);
  *message.mutable_clawback()->mutable_stays() = MoneyToProto(stays, terms.currency);
  *message.mutable_clawback()->mutable_waived() = MoneyToProto(due - valuation.minor, terms.currency);
  return message;
}

v1::Accrual ToProto(const Accrual& accrual, const MemberValue& value, int64_t stated) {
  const Program& program = *value.program;
  v1::Accrual message =
      AccrualOf(accrual, program, value.pricing, ValuationOf(program.terms, value.stacking, value.minor), stated);
  *message.mutable_stacked() = ToProto(value.stacking, accrual.key.partner, program.terms.currency);
  return message;
}

v1::NextTier ToProto(const NextStep& next, std::string_view currency) {
  v1::NextTier message;
  if (next.from.has_value()) *message.mutable_from_amount() = wire::ToProto(*next.from);
  *message.mutable_missing_amount() = wire::ToProto(next.missing);
  *message.mutable_value_now() = MoneyToProto(next.value_now, currency);
  if (next.value_then.has_value()) *message.mutable_value_then() = MoneyToProto(*next.value_then, currency);
  return message;
}

v1::Projection ToProto(const Projection& projection, const Program& program) {
  v1::Projection message;
  *message.mutable_as_of() = wire::ToProto(projection.as_of);
  message.set_elapsed_days(projection.elapsed_days);
  message.set_period_days(projection.period_days);
  message.set_exact_reach(projection.bases.reach.ToString());
  message.set_exact_base(projection.bases.base.ToString());
  if (projection.tiers > 0) message.set_tier(IntervalText(program.terms.scale, projection.tiers - 1));
  *message.mutable_evaluation() = ToProto(projection.valuation, program);
  if (projection.next_tier_on.has_value()) {
    *message.mutable_next_tier_date() = wire::ToProto(*projection.next_tier_on);
  }
  return message;
}

}  // namespace tributary::incentive
