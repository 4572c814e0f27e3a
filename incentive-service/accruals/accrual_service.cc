#include "incentive-service/accruals/accrual_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/absence_proto.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/facts/line_costs.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/stacking_plans/stack_reader.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {
namespace {

// What is in an accrual's value: the days of its scale's period up to its own end.
struct Span {
  Period scale;
  DateRange days;
};

absl::StatusOr<Span> SpanOf(const AccrualKey& key, const Program& program) {
  const absl::StatusOr<Period> period = ParsePeriod(program.paid(), key.period);
  if (!period.ok()) return NotFound(key.name());
  Span span{PeriodOf(program.period, period->range.start), {}};
  span.days = {span.scale.range.start, period->range.end};
  return span;
}

// Of a program that rolls up, or matches returns: whether the partner earns by no line and none of its own counts
// elsewhere. So it is where those of members were taken back, or earn for others now, or where a return is all matched.
bool IsNothing(const Program& program, const v1::Accrual& accrual) {
  const google::type::Money& stated = accrual.stated_amount();
  return (program.rolls_up || program.matches_returns()) && accrual.lines() == 0 &&
         accrual.other_currency_lines() == 0 && accrual.counts_with().empty() && stated.units() == 0 &&
         stated.nanos() == 0 && !accrual.evaluation().has_opening();
}

// The partner of all of them; nullopt where they are of several.
std::optional<std::string> OnlyPartnerOf(const std::vector<Accrual>& accruals) {
  const std::string& first = accruals.front().key.partner;
  for (const Accrual& accrual : accruals) {
    if (accrual.key.partner != first) return std::nullopt;
  }
  return first;
}

// Whether any line counts in it, in whatever currency, or it was opened, as AccrualStore::Get asks.
bool HasLines(const Accrual& accrual) {
  return accrual.sums.lines != 0 || accrual.sums.other_currency_lines != 0 || accrual.opened;
}

bool Counts(const JudgedLine& line) {
  return !line.absent.has_value() || line.absent == AbsenceReason::kUnpriced ||
         line.absent == AbsenceReason::kOtherCurrency;
}

}  // namespace

void AccrualService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.AccrualService", this)
      .Unary("GetAccrual", &AccrualService::Get)
      .Unary("ListAccruals", &AccrualService::List)
      .Unary("ListAccrualLines", &AccrualService::ListLines)
      .Unary("ExplainAbsence", &AccrualService::Explain)
      .Unary("WhatNext", &AccrualService::TellNext);
}

absl::StatusOr<Pricing> AccrualService::Price(mysql::Transaction& sql, const Program& program,
                                              const Baselines& baselines, GroupPricings* groups,
                                              Accrual* accrual) const {
  ASSIGN_OR_RETURN(Pricing pricing, PriceOwn(sql, program, baselines, groups, accrual));
  // Later payout periods have what an earlier one was opened with.
  const bool opened = accrual->opened || program.payout_period.has_value();
  if (!program.terms.carry_negative && !opened) return pricing;
  ASSIGN_OR_RETURN(const Span span, SpanOf(accrual->key, program));
  ASSIGN_OR_RETURN(CarriedInto carried, carried_.Into(sql, program, span.scale, accrual->key.partner, span.days.end));
  pricing.carried = std::move(carried[accrual->key.partner]);
  return pricing;
}

absl::StatusOr<Pricing> AccrualService::PriceOwn(mysql::Transaction& sql, const Program& program,
                                                 const Baselines& baselines, GroupPricings* groups,
                                                 Accrual* accrual) const {
  const std::string& partner = accrual->key.partner;
  if (std::optional<Baseline> baseline = baselines.Of(partner); baseline.has_value()) {
    AccrualSums sums = accrual->sums;
    if (!baseline->facts.predecessors.empty()) {
      ASSIGN_OR_RETURN(const Span span, SpanOf(accrual->key, program));
      ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {span.scale}));
      ASSIGN_OR_RETURN(const std::vector<FactLine> lines,
                       growth_.LinesFor(sql, program, span.days, partner, baselines.earners()));
      sums = SumsOf(program, lines, Find(closes, program, span.scale));
    }
    Pricing pricing = PriceOf(sums, {});
    pricing.baseline = std::move(baseline);
    return pricing;
  }
  if (program.rolls_up && !baselines.earners().StandsAlone(partner)) {
    ASSIGN_OR_RETURN(const Span span, SpanOf(accrual->key, program));
    return PriceGroup(sql, program, span.scale, partner, baselines.earners(), groups);
  }
  // Most accruals are a row of one currency.
  const bool is_row = !program.payout_period.has_value() && accrual->foreign_lines == 0;
  if (is_row && !program.reads_lines() && !program.scores()) return PriceOf(accrual->sums, {});
  ASSIGN_OR_RETURN(const Span span, SpanOf(accrual->key, program));
  AccrualSums sums;
  if (program.reads_lines()) {
    ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {span.scale}));
    const ClosedPeriod* close = Find(closes, program, span.scale);
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, span.days, partner));
    RETURN_IF_ERROR(standings_.Attribute(sql, program, close, partner, &lines));
    sums = SumsOf(program, lines, close);
    if (program.reads_standing()) {
      const DateRange own = PeriodOf(program.paid(), span.days.end.AddDays(-1)).range;
      std::erase_if(lines, [&](const FactLine& line) { return !own.Contains(line.BasisDate(program.basis)); });
      accrual->sums = SumsOf(program, lines, close);
    }
  } else {
    ASSIGN_OR_RETURN(auto by_partner, accruals_.Sums(sql, program.id, span.days, partner));
    sums = by_partner[partner];
  }
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, span.days));
  Pricing pricing = PriceOf(sums, rates);
  ASSIGN_OR_RETURN(pricing.figures, FiguresOf(sql, program, span.scale, partner));
  return pricing;
}

absl::StatusOr<Pricing> AccrualService::PriceGroup(mysql::Transaction& sql, const Program& program, const Period& scale,
                                                   const std::string& earner, const Earners& earners,
                                                   GroupPricings* groups) const {
  const auto [known, unread] = groups->try_emplace(AccrualKey{earner, program.id, scale.id});
  if (!unread) return known->second;
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {scale}));
  const ClosedPeriod* close = Find(closes, program, scale);
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, growth_.LinesFor(sql, program, scale.range, earner, earners));
  lines = EarnedBy(earner, std::move(lines));
  std::erase_if(lines, [&](const FactLine& line) { return WhyAbsent(program, line, close).has_value(); });
  known->second = PriceOf(SumsOf(program, lines, close), {});
  known->second.members = VolumesOf(InForce(program, scale.range.start), lines);
  return known->second;
}

absl::Status AccrualService::AddGroups(mysql::Transaction& sql, const Accrual& accrual, const Program& program,
                                       const Period& scale, const Earners& earners, GroupPricings* groups,
                                       v1::Accrual* message) const {
  const std::string& partner = accrual.key.partner;
  for (const std::string& earner : earners.EarnersOf(partner)) {
    if (!program.rolls_up || earner == partner) continue;
    ASSIGN_OR_RETURN(const Pricing pricing, PriceGroup(sql, program, scale, earner, earners, groups));
    ASSIGN_OR_RETURN(std::optional<v1::GroupPart> part,
                     GroupPartOf(partner, earner, InForce(program, scale.range.start), pricing));
    if (part.has_value()) *message->add_counts_with() = *std::move(part);
  }
  return absl::OkStatus();
}

absl::StatusOr<ScoreFigures> AccrualService::FiguresOf(mysql::Transaction& sql, const Program& program,
                                                       const Period& scale, const std::string& partner) const {
  ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, scale.range, partner));
  return scores.Of(TermsOn(program, scale.range.start), scale.range, partner);
}

absl::Status AccrualService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAccrualRequest& request,
                                 v1::Accrual* reply) {
  ASSIGN_OR_RETURN(const AccrualKey key, ParseAccrualName(request.name()));
  ASSIGN_OR_RETURN(Accrual accrual, accruals_.Get(unit.sql(), key));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), key.program));
  ASSIGN_OR_RETURN(const Span span, SpanOf(key, program));
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(unit.sql(), program, span.scale, key.partner));
  GroupPricings groups;
  ASSIGN_OR_RETURN(const Pricing pricing, Price(unit.sql(), program, baselines, &groups, &accrual));
  if (program.reads_standing() && !HasLines(accrual)) return NotFound(key.name());
  const Program in_force = InForce(program, span.scale.range.start);
  ASSIGN_OR_RETURN(StatedAmounts stated,
                   statements_.Stated(unit.sql(), program.id, span.scale.id, key.partner, span.days.end));
  ASSIGN_OR_RETURN(const std::optional<LiveStack> stack,
                   LiveStack::Read(unit.sql(), key.partner, program.id, span.scale));
  if (const MemberValue* value = stack.has_value() ? stack->Of(program.id) : nullptr; value != nullptr) {
    *reply = ToProto(accrual, *value, stated[key.partner]);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::optional<ClawedPeriod> clawed, ClawedOf(unit.sql(), accrual, program, span.scale));
  const int64_t said = stated[key.partner] + pricing.carried.paid_before();
  ASSIGN_OR_RETURN(*reply, ToProto(accrual, in_force, pricing, said, clawed));
  RETURN_IF_ERROR(AddGroups(unit.sql(), accrual, program, span.scale, baselines.earners(), &groups, reply));
  RETURN_IF_ERROR(AddBudget(call, unit.sql(), in_force, span.scale, reply));
  if (IsNothing(program, *reply)) return NotFound(key.name());
  // The last payout period has those of the whole.
  return span.days == span.scale.range ? AddTrueUps(unit.sql(), key, in_force, span.scale, reply) : absl::OkStatus();
}

absl::Status AccrualService::AddBudget(const rpc::Call& call, mysql::Transaction& sql, const Program& program,
                                       const Period& scale, v1::Accrual* reply) const {
  if (!program.budget.has_value()) return absl::OkStatus();
  v1::AccrualBudget& message = *reply->mutable_budget();
  ASSIGN_OR_RETURN(const std::optional<BudgetUse> use, budgets_.Find(sql, program.id, scale.id));
  std::optional<Rational> factor;
  if (use.has_value()) {
    factor = use->term.factor;
    if (use->term.used_up_on.has_value()) *message.mutable_used_up_on() = wire::ToProto(*use->term.used_up_on);
  } else if (program.budget->policy == BudgetPolicy::kProRata) {
    ASSIGN_OR_RETURN(std::vector<BudgetAsk> asks, AsksOf(sql, program, scale));
    ASSIGN_OR_RETURN(const BudgetOutcome outcome,
                     FundFromBudget(BudgetPolicy::kProRata, program.budget_minor(), std::move(asks)));
    message.set_estimated(true);
    // To the last digit it would tell a partner what others are selling at the moment.
    factor = call.identity->IsPartnerUser() ? Rational(outcome.factor.RoundScaled(2, Rounding::kFloor), 100)
                                            : ToBillionth(outcome.factor);
  }
  if (factor.has_value()) message.mutable_factor()->set_value(FactorText(factor));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<BudgetAsk>> AccrualService::AsksOf(mysql::Transaction& sql, const Program& program,
                                                              const Period& scale) const {
  std::vector<BudgetAsk> asks;
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, scale.range));
  if (!program.growth.has_value() && !program.reads_lines() && !program.scores()) {
    ASSIGN_OR_RETURN(const auto sums, accruals_.Sums(sql, program.id, scale.range, std::nullopt));
    for (const auto& [partner, own] : sums) {
      ASSIGN_OR_RETURN(const Valuation valuation, ValueOf(program.terms, PriceOf(own, rates)));
      asks.push_back({.partner = partner, .asked = valuation.minor});
    }
    return asks;
  }
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, scale.range));
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(sql, program, scale));
  baselines.earners().Attribute(program.basis, &lines);
  RETURN_IF_ERROR(standings_.Attribute(sql, program, nullptr, std::nullopt, &lines));
  ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, scale.range));
  ASSIGN_OR_RETURN(const StatedPeriod worth,
                   StatePeriod(program, scale, std::move(lines), rates, {}, baselines, {}, scores));
  for (const auto& [partner, entry] : worth.entries) asks.push_back({.partner = partner, .asked = entry.value});
  return asks;
}

absl::StatusOr<std::optional<ClawedPeriod>> AccrualService::ClawedOf(mysql::Transaction& sql, const Accrual& accrual,
                                                                     const Program& program,
                                                                     const Period& scale) const {
  // The last payout period has that of the whole.
  if (!program.clawback_cap.has_value() || !accrual.stated) return std::nullopt;
  if (program.LastPayoutOf(scale).id != accrual.key.period) return std::nullopt;
  ASSIGN_OR_RETURN(const auto clawed, statements_.Clawed(sql, program.id, scale.id, accrual.key.partner));
  const auto said = clawed.find(accrual.key.partner);
  return said == clawed.end() ? std::nullopt : std::optional<ClawedPeriod>(said->second);
}

absl::Status AccrualService::AddTrueUps(mysql::Transaction& sql, const AccrualKey& key, const Program& program,
                                        const Period& scale, v1::Accrual* reply) const {
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {scale}));
  const ClosedPeriod* close = Find(closes, program, scale);
  if (close == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(sql, program, scale, key.partner));
  ASSIGN_OR_RETURN(std::vector<FactLine> lines,
                   growth_.LinesFor(sql, program, scale.range, key.partner, baselines.earners()));
  lines = EarnedBy(key.partner, std::move(lines));
  RETURN_IF_ERROR(standings_.Attribute(sql, program, close, key.partner, &lines));
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, scale.range));
  ASSIGN_OR_RETURN(const ScoreFigures figures, FiguresOf(sql, program, scale, key.partner));
  ASSIGN_OR_RETURN(CarriedInto carried, carried_.Into(sql, program, scale, key.partner));
  ASSIGN_OR_RETURN(
      const std::vector<TrueUp> true_ups,
      TrueUpsOf(program, *close, std::move(lines), rates, baselines.Of(key.partner), figures, carried[key.partner]));
  for (const TrueUp& true_up : true_ups) {
    *reply->add_true_ups() = ToProto(true_up, program.terms.currency);
  }
  return absl::OkStatus();
}

absl::Status AccrualService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAccrualsRequest& request,
                                  v1::ListAccrualsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, AccrualStore::FilterFields()));
  const AccrualKey after{std::string(query.After(0)), std::string(query.After(1)), std::string(query.After(2))};
  ASSIGN_OR_RETURN(std::vector<Accrual> accruals,
                   accruals_.List(unit.sql(), partner, after, query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &accruals, [](const Accrual& accrual) {
    return std::vector{accrual.key.partner, accrual.key.program, accrual.key.period};
  }));
  return Evaluate(unit.sql(), accruals, reply->mutable_accruals());
}

absl::StatusOr<AccrualService::BaselinesByPeriod> AccrualService::BaselinesOf(
    mysql::Transaction& sql, const std::map<std::string, Program>& programs,
    const std::vector<Accrual>& accruals) const {
  struct Measured {
    Period scale;
    std::set<std::string> partners;
  };
  std::map<std::pair<std::string, std::string>, Measured> measured;
  for (const Accrual& accrual : accruals) {
    const auto program = programs.find(accrual.key.program);
    if (program == programs.end()) continue;
    if (!program->second.growth.has_value() && !program->second.rolls_up) continue;
    ASSIGN_OR_RETURN(const Span span, SpanOf(accrual.key, program->second));
    Measured& one = measured[{accrual.key.program, span.scale.id}];
    one.scale = span.scale;
    one.partners.insert(accrual.key.partner);
  }
  BaselinesByPeriod baselines;
  for (const auto& [key, one] : measured) {
    ASSIGN_OR_RETURN(baselines[key], growth_.Read(sql, programs.at(key.first), one.scale, one.partners));
  }
  return baselines;
}

absl::Status AccrualService::Evaluate(mysql::Transaction& sql, const std::vector<Accrual>& accruals,
                                      google::protobuf::RepeatedPtrField<v1::Accrual>* messages) const {
  if (accruals.empty()) return absl::OkStatus();
  const std::optional<std::string> partner = OnlyPartnerOf(accruals);
  // Read after the accruals, so that the program of each is among them.
  ASSIGN_OR_RETURN(std::vector<Program> accruing, programs_.Accruing(sql));
  std::map<std::string, Program> programs;
  for (Program& program : accruing) programs.emplace(program.id, std::move(program));
  ASSIGN_OR_RETURN(const BaselinesByPeriod baselines, BaselinesOf(sql, programs, accruals));
  std::map<std::pair<std::string, std::string>, StatedAmounts> stated;  // by (program, period)
  std::set<std::pair<std::string, std::string>> stacked;                // likewise: those under a stacking plan
  const StackReader stacks;
  const Baselines none;
  GroupPricings groups;
  for (const Accrual& accrual : accruals) {
    const auto found = programs.find(accrual.key.program);
    if (found == programs.end()) return Error(Reason::kInternal, accrual.key.name() + " has no program");
    const Program& program = found->second;
    ASSIGN_OR_RETURN(const Span span, SpanOf(accrual.key, program));
    auto [amounts, unread] = stated.try_emplace({program.id, accrual.key.period});
    if (unread) {
      ASSIGN_OR_RETURN(amounts->second, statements_.Stated(sql, program.id, span.scale.id, partner, span.days.end));
      ASSIGN_OR_RETURN(const auto plan, stacks.PlanOf(sql, program.id, span.scale));
      if (plan.has_value()) stacked.emplace(program.id, accrual.key.period);
    }
    const auto amount = amounts->second.find(accrual.key.partner);
    const int64_t said = amount == amounts->second.end() ? 0 : amount->second;
    if (stacked.contains({program.id, accrual.key.period})) {
      ASSIGN_OR_RETURN(const std::optional<LiveStack> stack,
                       LiveStack::Read(sql, accrual.key.partner, program.id, span.scale));
      if (const MemberValue* value = stack.has_value() ? stack->Of(program.id) : nullptr; value != nullptr) {
        Accrual counted = accrual;
        if (program.reads_standing()) counted.sums = value->sums;
        *messages->Add() = ToProto(counted, *value, said);
        continue;
      }
    }
    const auto measured = baselines.find({program.id, span.scale.id});
    const Baselines& of_period = measured == baselines.end() ? none : measured->second;
    Accrual counted = accrual;
    ASSIGN_OR_RETURN(const Pricing pricing, Price(sql, program, of_period, &groups, &counted));
    if (program.reads_standing() && !HasLines(counted)) continue;
    ASSIGN_OR_RETURN(const std::optional<ClawedPeriod> clawed, ClawedOf(sql, accrual, program, span.scale));
    ASSIGN_OR_RETURN(v1::Accrual message, ToProto(counted, InForce(program, span.scale.range.start), pricing,
                                                  said + pricing.carried.paid_before(), clawed));
    RETURN_IF_ERROR(AddGroups(sql, accrual, program, span.scale, of_period.earners(), &groups, &message));
    if (!IsNothing(program, message)) *messages->Add() = std::move(message);
  }
  return absl::OkStatus();
}

absl::Status AccrualService::ListLines(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListAccrualLinesRequest& request,
                                       v1::ListAccrualLinesResponse* reply) {
  ASSIGN_OR_RETURN(const AccrualKey key, ParseAccrualName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  RETURN_IF_ERROR(accruals_.Get(unit.sql(), key).status());
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), key.program));
  ASSIGN_OR_RETURN(const Span span, SpanOf(key, program));
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(unit.sql(), program, {span.scale}));
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(unit.sql(), program, span.scale, key.partner));
  ASSIGN_OR_RETURN(std::vector<FactLine> lines,
                   growth_.LinesFor(unit.sql(), program, span.days, key.partner, baselines.earners()));
  const ClosedPeriod* close = Find(closes, program, span.scale);
  RETURN_IF_ERROR(standings_.Attribute(unit.sql(), program, close, key.partner, &lines));
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(unit.sql(), program, span.days));
  ASSIGN_OR_RETURN(const ScoreFigures figures, FiguresOf(unit.sql(), program, span.scale, key.partner));
  ASSIGN_OR_RETURN(CarriedInto carried, carried_.Into(unit.sql(), program, span.scale, key.partner, span.days.end));
  ASSIGN_OR_RETURN(std::vector<JudgedLine> judged,
                   JudgeLines(InForce(program, span.scale.range.start), close, std::move(lines), rates,
                              baselines.Of(key.partner), figures, key.partner, carried[key.partner]));
  if (program.reads_standing() && std::none_of(judged.begin(), judged.end(), Counts)) return NotFound(key.name());
  ASSIGN_OR_RETURN(const std::optional<LiveStack> stack,
                   LiveStack::Read(unit.sql(), key.partner, program.id, span.scale));
  if (stack.has_value()) {
    std::map<std::string, int64_t> shares = stack->SharesOf(program.id);
    for (JudgedLine& line : judged) line.line.share = shares[line.line.fact];
  }
  const auto after = static_cast<size_t>(query.AfterNumber(0));
  judged.erase(judged.begin(), judged.begin() + static_cast<std::ptrdiff_t>(std::min(after, judged.size())));
  reply->set_next_page_token(CutPage(
      query, tokens_, &judged, [](const JudgedLine& line) { return std::vector{std::to_string(line.line.ordinal)}; }));
  for (const JudgedLine& line : judged) {
    *reply->add_accrual_lines() = ToProto(line, key.partner, program.terms.currency);
  }
  return absl::OkStatus();
}

absl::Status AccrualService::TellNext(const rpc::Call& call, rpc::Unit& unit, const v1::WhatNextRequest& request,
                                      v1::NextTier* reply) {
  ASSIGN_OR_RETURN(const AccrualKey key, ParseAccrualName(request.name()));
  ASSIGN_OR_RETURN(Accrual accrual, accruals_.Get(unit.sql(), key));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), key.program));
  ASSIGN_OR_RETURN(const Span span, SpanOf(key, program));
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(unit.sql(), program, span.scale, key.partner));
  GroupPricings groups;
  ASSIGN_OR_RETURN(const Pricing pricing, Price(unit.sql(), program, baselines, &groups, &accrual));
  if (program.reads_standing() && !HasLines(accrual)) return NotFound(key.name());
  const Terms& terms = TermsOn(program, span.scale.range.start);
  ASSIGN_OR_RETURN(const NextStep next, NextOf(terms, pricing));
  *reply = ToProto(next, program.terms.currency);
  const Date today = DayOf(program, call.now);
  if (!span.scale.range.Contains(today)) return absl::OkStatus();
  const Date until = std::min(today.AddDays(1), span.days.end);
  ASSIGN_OR_RETURN(const std::optional<Projection> projection,
                   ProjectOf(terms, pricing, span.scale.range, until, next));
  if (projection.has_value()) {
    *reply->mutable_projection() = ToProto(*projection, InForce(program, span.scale.range.start));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Absence> AccrualService::ExplainOne(mysql::Transaction& sql, const Program& program,
                                                       const std::optional<FactLine>& line) const {
  if (!line.has_value()) return AbsenceToProto(program, AbsenceReason::kUnknownLine, {}, nullptr, "");
  const Date date = line->BasisDate(program.basis);
  const Period scale = PeriodOf(program.period, date);
  ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {scale}));
  const ClosedPeriod* close = Find(closes, program, scale);
  std::vector<FactLine> lines = {*line};
  RETURN_IF_ERROR(standings_.Attribute(sql, program, close, line->partner, &lines));
  FactLine& judged = lines.front();
  std::optional<AbsenceReason> reason = WhyAbsent(program, judged, close);
  if (!reason.has_value() && !line->currency.empty() && line->currency != program.terms.currency) {
    ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, {date, date.AddDays(1)}));
    if (!rates.contains({line->currency, date})) reason = AbsenceReason::kUnpriced;
  }
  if (!reason.has_value() && program.terms.margin.has_value()) {
    std::vector<FactLine> costed = {*line};
    RETURN_IF_ERROR(LineCosts().Add(sql, program, &costed));
    if (!costed[0].unit_cost.has_value()) reason = AbsenceReason::kNoCost;
  }
  if (!reason.has_value()) {
    ASSIGN_OR_RETURN(const Earners earners, growth_.ReadEarners(sql, program, scale));
    judged.earner = earners.EarnerOf(line->partner, date);
    if (judged.earner != line->partner) {
      reason = program.rolls_up ? AbsenceReason::kCountsWithGroup : AbsenceReason::kCountsWithSuccessor;
    }
  }
  return AbsenceToProto(program, reason, judged, close, PeriodOf(program.paid(), date).id);
}

absl::Status AccrualService::Explain(const rpc::Call& call, rpc::Unit& unit, const v1::ExplainAbsenceRequest& request,
                                     v1::ExplainAbsenceResponse* reply) {
  ASSIGN_OR_RETURN(const FactName name, ParseFactName(request.name()));
  ASSIGN_OR_RETURN(const std::optional<FactLine> line, facts_.Find(unit.sql(), name.partner, name.fact));
  std::vector<Program> programs;
  if (request.program().empty()) {
    ASSIGN_OR_RETURN(programs, programs_.Accruing(unit.sql()));
  } else {
    ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.program(), "program"));
    ASSIGN_OR_RETURN(Program program, programs_.Get(unit.sql(), id));
    programs.push_back(std::move(program));
  }
  for (const Program& program : programs) {
    if (call.identity->IsPartnerUser()) {
      ASSIGN_OR_RETURN(const bool is_for, standings_.IsFor(unit.sql(), program, name.partner));
      if (!is_for && !request.program().empty()) return NotFound(program.name());
      if (!is_for) continue;
    }
    ASSIGN_OR_RETURN(*reply->add_absences(), ExplainOne(unit.sql(), program, line));
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
