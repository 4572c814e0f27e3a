#include "incentive-service/engine/guarantee.h"

#include <algorithm>

namespace tributary::incentive {

std::vector<GuaranteeResult> ApplyGuarantee(const GuaranteeTerms& terms, absl::Span<const GuaranteePeriod> periods) {
  std::vector<GuaranteeResult> results;
  int64_t carry = 0;
  int64_t advanced = 0;  // top-ups that nothing has paid back yet
  for (const GuaranteePeriod& period : periods) {
    GuaranteeResult result{.period = period.period, .carry_before = carry};
    const int64_t beyond = carry + period.earned - terms.guarantee;
    result.top_up = std::max<int64_t>(0, -beyond);
    int64_t surplus = std::max<int64_t>(0, beyond);
    if (terms.recoupable) {
      result.recouped = std::min(advanced, surplus);
      surplus -= result.recouped;
      advanced += result.top_up - result.recouped;
    }
    result.carry = carry = terms.cumulative ? surplus : 0;
    result.pay = result.top_up - result.recouped - period.paid;
    if (!terms.recoupable) result.pay = std::max<int64_t>(0, result.pay);
    results.push_back(result);
  }
  return results;
}

}  // namespace tributary::incentive
