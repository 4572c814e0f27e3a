#include "incentive-service/accruals/baseline.h"

#include <algorithm>
#include <set>
#include <utility>

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

std::vector<Period> MeasuredAgainst(const Program& program, Date date) {
  std::vector<Period> measured;
  const Period reference = PeriodOf(program.period, date);
  if (reference.id.empty()) return measured;
  // None begins later than a year after its reference, or where that ends: a fiscal year may have 371 days.
  const Date last = std::max(reference.range.start.AddDays(366), reference.range.end);
  Period later = PeriodOf(program.period, reference.range.end);
  for (; !later.id.empty() && later.range.start <= last; later = PeriodOf(program.period, later.range.end)) {
    const std::optional<Period> its = ReferenceOf(program, later);
    if (its.has_value() && its->id == reference.id) measured.push_back(later);
  }
  return measured;
}

Program WithReferences(const Program& program) {
  Program with = program;
  const auto first = ReferenceOf(program, PeriodOf(program.period, program.effective.start));
  if (first.has_value()) with.effective.start = first->range.start;
  return with;
}

Baseline BaselineOf(const Program& program, const Period& scale, const std::string& partner, Decimal amount,
                    const Earners& earners) {
  const GrowthPartner known = AgreementWith(*program.growth, partner);
  const std::set<std::string>& predecessors = earners.MembersOf(partner);
  GrowthFacts facts{.agreed = known.baseline, .predecessors = {predecessors.begin(), predecessors.end()}};
  if (std::string earner = earners.EarnerOf(partner, scale.range.start); earner != partner) {
    facts.successor = std::move(earner);
  }
  if (const auto reference = ReferenceOf(program, scale); reference.has_value()) {
    facts.reference = amount;
    facts.reference_days = reference->range.end.days() - reference->range.start.days();
    facts.active_days = ActiveDays(reference->range, known.active_from);
  }
  return BaselineOf(program.growth->fallback, facts);
}

Baselines::Baselines(const Program& program, const Period& scale, absl::Span<const FactLine> lines,
                     const Watermark* frozen, Earners earners)
    : scale_(scale), earners_(std::move(earners)) {
  if (program.growth.has_value()) program_ = program;
  const std::optional<Period> reference = ReferenceOf(program, scale);
  if (!reference.has_value()) return;
  Program counting = program;
  counting.effective = reference->range;  // it may lie before the program's time
  std::optional<ClosedPeriod> close;
  if (frozen != nullptr) close = ClosedPeriod{*frozen, absl::InfinitePast(), absl::InfinitePast()};
  for (const FactLine& line : lines) {
    amounts_[line.earned_by()] += SumsOf(counting, line, close.has_value() ? &*close : nullptr).amount;
  }
}

std::optional<Baseline> Baselines::Of(const std::string& partner) const {
  if (!program_.has_value()) return std::nullopt;
  const auto amount = amounts_.find(partner);
  return BaselineOf(*program_, scale_, partner, amount == amounts_.end() ? Decimal() : amount->second, earners_);
}

}  // namespace tributary::incentive
