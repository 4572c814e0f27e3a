#include "incentive-service/period_budgets/budget_use_proto.h"

#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {

v1::Program::PeriodBudget::Use ToProto(const BudgetUse& use) {
  v1::Program::PeriodBudget::Use message;
  message.set_period(use.period);
  *message.mutable_budget() = MoneyToProto(use.budget, use.currency);
  *message.mutable_asked() = MoneyToProto(use.asked, use.currency);
  *message.mutable_used() = MoneyToProto(use.used, use.currency);
  *message.mutable_left() = MoneyToProto(use.left(), use.currency);
  *message.mutable_overrun() = MoneyToProto(use.overrun(), use.currency);
  if (use.term.factor.has_value()) message.mutable_factor()->set_value(FactorText(use.term.factor));
  if (use.term.used_up_on.has_value()) *message.mutable_used_up_on() = wire::ToProto(*use.term.used_up_on);
  return message;
}

}  // namespace tributary::incentive
