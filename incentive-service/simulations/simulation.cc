#include "incentive-service/simulations/simulation.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/pricing.h"

namespace tributary::incentive {

absl::StatusOr<SimulationResult> Simulate(const Program& program, absl::Span<const FactTotal> totals,
                                          const Rates& rates) {
  SimulationResult result;
  std::map<std::string, PeriodResult> periods;
  // However often it would be paid, a scale is worth what its whole period is.
  Program whole = program;
  whole.payout_period.reset();
  for (const AccrualMove& accrual : MovesOf(whole, totals)) {
    result.other_currency_lines += accrual.sums.other_currency_lines;
    if (accrual.sums.lines == 0) continue;
    ASSIGN_OR_RETURN(const Valuation valuation, ValueOf(program.terms, PriceOf(accrual.sums, rates)));
    PeriodResult& period = periods[accrual.key.period];
    period.period = accrual.key.period;
    ++period.partners;
    period.total += valuation.minor;
    ++result.statements;
    result.total += valuation.minor;
    result.lines += accrual.sums.lines;
  }
  for (auto& [id, period] : periods) result.periods.push_back(std::move(period));
  return result;
}

}  // namespace tributary::incentive
