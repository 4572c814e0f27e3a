#include "incentive-service/accruals/baseline.h"

#include <algorithm>

#include "absl/time/time.h"
#include "incentive-service/accruals/accrual.h"

namespace tributary::incentive {
namespace {

// Of the reference, days from `active_from` on; all where it is unset.
int64_t ActiveDays(const DateRange& reference, const std::optional<Date>& active_from) {
  const Date from = std::max(reference.start, active_from.value_or(reference.start));
  return std::max<int64_t>(0, reference.end.days() - from.days());
}

// What was agreed with the partner; nothing but its name where nothing was.
GrowthPartner AgreementWith(const GrowthTerms& growth, std::string_view partner) {
  for (const GrowthPartner& one : growth.partners) {
    if (one.partner == partner) return one;
  }
  return {std::string(partner), {}, {}};
}

}  // namespace

std::optional<Decimal> AgreedWith(const Program& program, std::string_view partner) {
  return program.growth.has_value() ? AgreementWith(*program.growth, partner).baseline : std::nullopt;
}

std::optional<Period> ReferenceOf(const Program& program, const Period& scale) {
  if (!program.growth.has_value() || program.growth->reference == GrowthReference::kFixed) return std::nullopt;
  Period reference = PeriodOf(program.period, scale.range.start.AddDays(-1));
  if (program.growth->reference == GrowthReference::kPreviousPeriod) return reference;
  const auto same = [&] { return reference.range.start.month() == scale.range.start.month(); };
  while (!same()) reference = PeriodOf(program.period, reference.range.start.AddDays(-1));
  return reference;
}

Baselines::Baselines(const Program& program, const Period& scale, absl::Span<const FactLine> lines,
                     const Watermark* frozen)
    : growth_(program.growth), reference_(ReferenceOf(program, scale)) {
  if (!reference_.has_value()) return;
  Program counting = program;
  counting.effective = reference_->range;  // it may lie before the program's time
  std::optional<ClosedPeriod> close;
  if (frozen != nullptr) close = ClosedPeriod{*frozen, absl::InfinitePast(), absl::InfinitePast()};
  for (const FactLine& line : lines) {
    amounts_[line.partner] += SumsOf(counting, line, close.has_value() ? &*close : nullptr).amount;
  }
}

std::optional<Baseline> Baselines::Of(const std::string& partner) const {
  if (!growth_.has_value()) return std::nullopt;
  const GrowthPartner known = AgreementWith(*growth_, partner);
  GrowthFacts facts{.agreed = known.baseline};
  if (reference_.has_value()) {
    const auto amount = amounts_.find(partner);
    if (amount != amounts_.end()) facts.reference = amount->second;
    facts.reference_days = reference_->range.end.days() - reference_->range.start.days();
    facts.active_days = ActiveDays(reference_->range, known.active_from);
  }
  return BaselineOf(growth_->fallback, facts);
}

}  // namespace tributary::incentive
