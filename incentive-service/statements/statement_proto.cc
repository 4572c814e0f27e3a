#include "incentive-service/statements/statement_proto.h"

#include <string>

#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"

namespace tributary::incentive {
namespace {

v1::GuaranteeSteps ToProto(const GuaranteeSteps& steps, int64_t value, const std::string& currency) {
  v1::GuaranteeSteps message;
  *message.mutable_earned() = MoneyToProto(steps.earned, currency);
  *message.mutable_carry_before() = MoneyToProto(steps.carry_before, currency);
  *message.mutable_top_up() = MoneyToProto(steps.top_up, currency);
  *message.mutable_recouped() = MoneyToProto(steps.recouped, currency);
  *message.mutable_carry() = MoneyToProto(steps.carry, currency);
  *message.mutable_value() = MoneyToProto(value, currency);
  return message;
}

// `value`: of the entry.
v1::BudgetSteps ToProto(const BudgetSteps& steps, int64_t value, const std::string& currency) {
  v1::BudgetSteps message;
  if (steps.term.factor.has_value()) message.mutable_factor()->set_value(FactorText(steps.term.factor));
  if (steps.term.used_up_on.has_value()) *message.mutable_used_up_on() = wire::ToProto(*steps.term.used_up_on);
  *message.mutable_share() = MoneyToProto(steps.share, currency);
  *message.mutable_value() = MoneyToProto(value, currency);
  return message;
}

// `value`: of the entry.
v1::ClawbackSteps ToProto(const ClawbackSteps& steps, int64_t value, const std::string& currency) {
  v1::ClawbackSteps message;
  *message.mutable_most_stated() = MoneyToProto(steps.most, currency);
  *message.mutable_stays() = MoneyToProto(steps.stays, currency);
  *message.mutable_waived() = MoneyToProto(steps.waived, currency);
  *message.mutable_waived_before() = MoneyToProto(steps.waived_before, currency);
  *message.mutable_value() = MoneyToProto(value, currency);
  return message;
}

v1::StatementAdjustment ToProto(const StatementAdjustment& adjustment, const Statement& statement) {
  v1::StatementAdjustment message;
  message.set_ordinal(adjustment.ordinal);
  message.set_adjustment(StrCat("partners/", statement.partner, "/adjustments/", adjustment.adjustment));
  if (!adjustment.program.empty()) message.set_program(StrCat("programs/", adjustment.program));
  message.set_reason(adjustment.reason);
  message.set_document(adjustment.document);
  *message.mutable_amount() = MoneyToProto(adjustment.amount, statement.currency);
  return message;
}

}  // namespace

absl::StatusOr<v1::StatementEntry> ToProto(const StatementEntry& entry, const Program& program,
                                           std::string_view partner) {
  const std::string& currency = program.terms.currency;
  v1::StatementEntry message;
  message.set_ordinal(entry.ordinal);
  message.set_kind(static_cast<v1::StatementEntry::Kind>(entry.kind));
  message.set_program(program.name());
  message.set_period(entry.scale.id);
  *message.mutable_period_start() = wire::ToProto(entry.scale.range.start);
  *message.mutable_counted_until() = wire::ToProto(entry.counted_until);
  message.set_close(StrCat(program.name(), "/closes/", entry.close_period));
  *message.mutable_stated_before() = MoneyToProto(entry.stated_before, currency);
  *message.mutable_amount() = MoneyToProto(entry.amount(), currency);
  *message.mutable_terms() = incentive::ToProto(program, partner);
  if (entry.guarantee.has_value()) {
    *message.mutable_guarantee() = ToProto(*entry.guarantee, entry.value, currency);
    return message;
  }
  Valuation valuation;
  if (entry.stacking.has_value()) {
    valuation = ValuationOf(program.terms, *entry.stacking, entry.value);
    *message.mutable_stacked() = incentive::ToProto(*entry.stacking, partner, currency);
  } else {
    ASSIGN_OR_RETURN(valuation, ValueOf(program.terms, entry.pricing));
  }
  message.set_line_count(entry.pricing.lines);
  *message.mutable_qualifying_amount() = MoneyToProto(entry.pricing.amount, currency);
  message.set_exact_qualifying_amount(entry.pricing.amount.ToString());
  *message.mutable_quantity() = wire::ToProto(entry.pricing.quantity);
  incentive::ToProto(entry.pricing.converted, message.mutable_converted_amounts());
  *message.mutable_evaluation() = incentive::ToProto(valuation, program);
  ReachToProto(program, entry.pricing, partner, message.mutable_evaluation());
  if (entry.budget.has_value()) *message.mutable_budget() = ToProto(*entry.budget, entry.value, currency);
  if (entry.clawback.has_value()) *message.mutable_clawback() = ToProto(*entry.clawback, entry.value, currency);
  if (!entry.pricing.members.empty()) {
    *message.mutable_evaluation()->mutable_group() = incentive::ToProto(entry.pricing.members, entry.worth(), currency);
  }
  if (entry.goods.has_value()) {
    *message.mutable_evaluation()->mutable_goods() = incentive::ToProto(entry.goods->work);
    *message.mutable_goods() = wire::ToProto(entry.goods->units());
    *message.mutable_goods_stated_before() = wire::ToProto(entry.goods->before);
  }
  if (const auto& baseline = entry.pricing.baseline; baseline.has_value()) {
    *message.mutable_evaluation()->mutable_growth() = incentive::ToProto(*baseline, program, entry.scale);
  }
  return message;
}

absl::StatusOr<v1::Statement> ToProto(const Statement& statement, const ProgramVersions& programs) {
  v1::Statement message;
  message.set_name(statement.name());
  message.set_uid(statement.uid.ToString());
  message.set_etag(EtagOf(statement.version));
  *message.mutable_create_time() = wire::ToProto(statement.create_time);
  *message.mutable_update_time() = wire::ToProto(statement.update_time);
  message.set_state(static_cast<v1::Statement::State>(statement.state));
  message.set_kind(static_cast<v1::Statement::Kind>(statement.kind));
  message.set_period(statement.period.id);
  *message.mutable_period_start() = wire::ToProto(statement.period.range.start);
  *message.mutable_period_end() = wire::ToProto(statement.period.range.end);
  for (const StatementEntry& entry : statement.entries) {
    const auto program = programs.find({entry.program, entry.program_version});
    if (program == programs.end()) return Error(Reason::kInternal, statement.name() + " has no program");
    ASSIGN_OR_RETURN(*message.add_entries(), ToProto(entry, program->second, statement.partner));
  }
  message.set_line_count(statement.line_count);
  *message.mutable_total() = MoneyToProto(statement.total, statement.currency);
  if (statement.issue_time.has_value()) *message.mutable_issue_time() = wire::ToProto(*statement.issue_time);
  message.set_previous_hash(statement.previous_hash);
  message.set_hash(statement.hash);
  for (const StatementAdjustment& adjustment : statement.adjustments) {
    *message.add_adjustments() = ToProto(adjustment, statement);
  }
  for (const StatementPayment& payment : statement.payments) {
    v1::Statement::Payment* added = message.add_payments();
    added->set_payee(StrCat("partners/", payment.payee));
    *added->mutable_amount() = MoneyToProto(payment.amount, statement.currency);
    *added->mutable_payment_date() = wire::ToProto(payment.day);
  }
  *message.mutable_settled() = MoneyToProto(statement.settled, statement.currency);
  *message.mutable_withheld() = MoneyToProto(statement.withheld, statement.currency);
  return message;
}

v1::StatementLine ToProto(const StatementLine& line, std::string_view partner, std::string_view currency) {
  v1::StatementLine message;
  message.set_fact(line.name(partner));
  *message.mutable_basis_date() = wire::ToProto(line.basis_date);
  message.set_product(line.product);
  *message.mutable_quantity() = wire::ToProto(line.quantity);
  *message.mutable_amount() = wire::ToProto(Money{line.currency, line.amount});
  *message.mutable_share() = MoneyToProto(line.share, currency);
  message.set_ordinal(line.ordinal);
  message.set_entry(line.entry);
  message.set_counted_as(line.counted_as);
  if (line.unit_cost.has_value()) message.mutable_unit_cost()->set_value(line.unit_cost->ToDecimalString());
  if (!line.matched.empty()) message.set_matched(StrCat("partners/", partner, "/", line.matched));
  return message;
}

}  // namespace tributary::incentive
