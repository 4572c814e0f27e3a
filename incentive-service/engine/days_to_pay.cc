#include "incentive-service/engine/days_to_pay.h"

#include <cstddef>

#include "common/money/money.h"
#include "common/status/status.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {
namespace {

size_t BandOf(const Terms& terms, int days) { return ReachedTier(terms.scale, Decimal::FromInt(days)); }

}  // namespace

void AddPaid(const PaidByDays& added, int sign, PaidByDays* paid) {
  for (const auto& [days, amount] : added) {
    const auto position = paid->try_emplace(days).first;
    position->second += sign > 0 ? amount : -amount;
    if (position->second.zero()) paid->erase(position);
  }
}

Decimal RateOfDays(const Terms& terms, int days) { return terms.scale.tiers[BandOf(terms, days)].rate; }

absl::StatusOr<Valuation> EvaluateDaysToPay(const Terms& terms, const PaidByDays& paid) {
  std::map<size_t, Decimal> by_band;
  for (const auto& [days, amount] : paid) by_band[BandOf(terms, days)] += amount;
  Valuation valuation;
  for (const auto& [band, amount] : by_band) {
    if (amount.zero()) continue;
    const Decimal rate = terms.scale.tiers[band].rate;
    const Rational base(amount);
    const Rational value = base * Rational(rate);
    valuation.parts.push_back({band, rate, base, Decimal(), value});
    valuation.scaled = valuation.scaled + value;
  }
  if (Positive(valuation.scaled)) valuation.before = valuation.scaled;
  valuation.exact = valuation.before;
  if (terms.cap.has_value() && valuation.exact > Rational(*terms.cap)) {
    valuation.exact = Rational(*terms.cap);
    valuation.limit = Limit::kCap;
  }
  ASSIGN_OR_RETURN(valuation.minor, ToMinorUnits(valuation.exact, terms.currency, terms.rounding));
  return valuation;
}

}  // namespace tributary::incentive
