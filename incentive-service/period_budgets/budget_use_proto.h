#pragma once

#include "incentive-service/period_budgets/budget_use.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::incentive {

v1::Program::PeriodBudget::Use ToProto(const BudgetUse& use);

}  // namespace tributary::incentive
