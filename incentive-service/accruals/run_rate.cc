#include "incentive-service/accruals/run_rate.h"

#include <utility>

#include "common/status/status.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {
namespace {

// The day on which what is missing to the next tier has come in. So much of it came in within the elapsed days.
std::optional<Date> NextTierOn(const Rational& so_far, const Rational& missing, const DateRange& period,
                               const Projection& projection) {
  if (!Positive(so_far) || !Positive(missing)) return std::nullopt;
  const Rational days = Rational::FromInt(projection.elapsed_days) * (so_far + missing) / so_far;
  if (days > Rational::FromInt(projection.period_days)) return std::nullopt;
  return period.start.AddDays(days.RoundScaled(0, Rounding::kCeiling).convert_to<int>() - 1);
}

}  // namespace

absl::StatusOr<std::optional<Projection>> ProjectOf(const Terms& terms, const Pricing& pricing, const DateRange& period,
                                                    Date until, const NextStep& next) {
  Projection projection{.elapsed_days = until.days() - period.start.days(),
                        .period_days = period.end.days() - period.start.days(),
                        .as_of = until.AddDays(-1)};
  if (projection.elapsed_days <= 0) return std::nullopt;
  const Rational pace = Rational::FromInt(projection.period_days) / Rational::FromInt(projection.elapsed_days);
  std::optional<Bases> bases = BasesAtPace(terms, pricing, pace);
  if (!bases.has_value()) return std::nullopt;
  projection.bases = *std::move(bases);
  projection.tiers = ReachedTiers(terms.scale, projection.bases.reach);
  ASSIGN_OR_RETURN(projection.valuation, ValueOfBases(terms, pricing, projection.bases));
  const std::optional<Rational> so_far = AddsUpTo(terms, pricing);
  if (so_far.has_value() && next.from.has_value()) {
    projection.next_tier_on = NextTierOn(*so_far, Rational(next.missing), period, projection);
  }
  return std::optional<Projection>(std::move(projection));
}

}  // namespace tributary::incentive
