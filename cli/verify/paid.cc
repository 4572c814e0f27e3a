#include "cli/verify/paid.h"

#include <map>

namespace tributary::cli::verify {
namespace {

size_t BandOf(const ScaleTerms& terms, int64_t days) {
  const Integer at = Unit() * days;
  size_t band = 0;
  for (size_t i = 1; i < terms.tiers.size(); ++i) {
    const Integer& from = terms.tiers[i].from;
    if (terms.upto ? from < at : from <= at) band = i;
  }
  return band;
}

}  // namespace

Fraction RateOfDays(const ScaleTerms& terms, int64_t days) { return Whole(terms.tiers[BandOf(terms, days)].rate); }

ScaleValue WorkOutPaid(const ScaleTerms& terms, const std::vector<PaidLine>& lines) {
  std::map<size_t, Integer> bands;
  for (const PaidLine& line : lines) bands[BandOf(terms, line.days)] += line.amount;
  ScaleValue worked;
  for (const auto& [band, amount] : bands) {
    if (amount == 0) continue;
    const Fraction paid = Whole(amount);
    const Fraction value = Times(paid, Whole(terms.tiers[band].rate));
    worked.parts.push_back({band, paid, value});
    worked.before = Plus(worked.before, value);
  }
  if (worked.before.num < 0) worked.before = Fraction();
  worked.value = worked.before;
  if (terms.cap.has_value() && Less(Whole(*terms.cap), worked.value)) worked.value = Whole(*terms.cap);
  return worked;
}

}  // namespace tributary::cli::verify
