#include "partner-service/sales_targets/attainment.h"

#include <algorithm>

#include "common/money/rational.h"

namespace tributary::partner {
namespace {

constexpr int kPercentDecimals = 2;
constexpr int64_t kMicrosOfHundredth = 10000;
constexpr int64_t kMostHundredths = 1000000000000000000;  // of a figure next to nothing

Decimal PercentOf(Decimal part, Decimal whole) {
  const Rational percent = Rational(part) * Rational::FromInt(100) / Rational(whole);
  const Rational::Integer hundredths = percent.RoundScaled(kPercentDecimals, Rounding::kFloor);
  const Rational::Integer shown = std::clamp<Rational::Integer>(hundredths, -kMostHundredths, kMostHundredths);
  return Decimal::FromMicros(absl::int128(shown.convert_to<int64_t>()) * kMicrosOfHundredth);
}

}  // namespace

SalesQuery QueryOf(const SalesTarget& target) {
  return {.partner_id = target.partner_id,
          .source = target.basis == TargetBasis::kSellThrough ? SalesSource::kSale : SalesSource::kShipment,
          .by = target.basis == TargetBasis::kOrder ? CountedBy::kOrderDate : CountedBy::kMoveDate,
          .days = target.days,
          .product_lines = target.product_lines,
          .products = target.products};
}

Attainment Evaluate(const SalesTarget& target, const std::vector<SalesTotal>& totals, Date today) {
  Attainment attainment;
  for (const SalesTotal& total : totals) {
    if (target.currency.empty()) {
      attainment.reached += total.quantity;
    } else if (total.currency == target.currency) {
      attainment.reached += total.amount;
    } else {
      attainment.unpriced.push_back(total);
      continue;
    }
    attainment.facts += total.facts;
  }
  const bool met = attainment.reached >= target.figure;
  if (!met) attainment.remaining = target.figure - attainment.reached;
  if (!target.figure.zero()) attainment.percent = PercentOf(attainment.reached, target.figure);
  attainment.outcome = met                         ? TargetOutcome::kMet
                       : today < target.days.start ? TargetOutcome::kAhead
                       : today < target.days.end   ? TargetOutcome::kOpen
                                                   : TargetOutcome::kMissed;
  return attainment;
}

}  // namespace tributary::partner
