#include "incentive-service/simulations/simulation.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/engine/evaluation.h"

namespace tributary::incentive {

absl::StatusOr<SimulationResult> Simulate(const Program& program, absl::Span<const FactTotal> totals) {
  SimulationResult result;
  std::map<std::string, PeriodResult> periods;
  for (const AccrualMove& accrual : MovesOf(program, totals)) {
    result.other_currency_lines += accrual.other_currency_lines;
    if (accrual.lines == 0) continue;
    ASSIGN_OR_RETURN(const Evaluation evaluation, Evaluate(program.terms, accrual.qualifying));
    PeriodResult& period = periods[accrual.key.period];
    period.period = accrual.key.period;
    ++period.partners;
    period.total += evaluation.minor;
    ++result.statements;
    result.total += evaluation.minor;
    result.lines += accrual.lines;
  }
  for (auto& [id, period] : periods) result.periods.push_back(std::move(period));
  return result;
}

}  // namespace tributary::incentive
