#include "incentive-service/engine/kinds/guarantee.h"

#include <algorithm>

namespace tributary::incentive {

std::vector<GuaranteedPeriod> TopUps(const Guarantee& guarantee, absl::Span<const Decimal> earned) {
  std::vector<GuaranteedPeriod> periods;
  Decimal carried, outstanding;
  for (const Decimal earning : earned) {
    GuaranteedPeriod period;
    period.carried = carried;
    const Decimal above = carried + earning - guarantee.amount;
    period.top_up = std::max(Decimal(), -above);
    Decimal surplus = std::max(Decimal(), above);
    if (guarantee.recoupable) {
      period.recouped = std::min(outstanding, surplus);
      surplus -= period.recouped;
      outstanding += period.top_up - period.recouped;
      period.to_be_recouped = outstanding;
    }
    if (guarantee.cumulative) period.carry = surplus;
    carried = period.carry;
    periods.push_back(period);
  }
  return periods;
}

}  // namespace tributary::incentive
