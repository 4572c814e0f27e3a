#include "cli/verify/scale.h"

#include <algorithm>

namespace tributary::cli::verify {
namespace {

// amount x rate, both in billionths.
Fraction Product(const Integer& amount, const Integer& rate) { return Reduced(amount * rate, Unit() * Unit()); }

Fraction Negative(const Fraction& value) { return {-value.num, value.den}; }

// What tier i gives on Q; nothing where it is not reached, or where another takes its place.
std::optional<ScalePart> PartOf(const ScaleTerms& terms, const ScaleSums& sums, size_t i) {
  const auto reached = [&](size_t tier) {
    if (tier >= terms.tiers.size()) return false;
    return terms.upto ? sums.reach > terms.tiers[tier].from : sums.reach >= terms.tiers[tier].from;
  };
  const ScaleTier& tier = terms.tiers[i];
  if (!reached(i)) return std::nullopt;
  const bool highest = !reached(i + 1);
  const Integer filled = i + 1 < terms.tiers.size() ? std::min(sums.reach, terms.tiers[i + 1].from) : sums.reach;
  switch (terms.shape) {
    case ScaleShape::kMarginal:
      if (filled == tier.from) return std::nullopt;
      return ScalePart{i, filled - tier.from, Product(filled - tier.from, tier.rate)};
    case ScaleShape::kRolling:
      return ScalePart{i, filled, Product(filled, tier.rate)};
    case ScaleShape::kTotal:
      return ScalePart{i, sums.reach, Product(sums.reach, tier.rate)};
    case ScaleShape::kRetroactive:
    case ScaleShape::kFlat:
      if (!highest) return std::nullopt;
      return ScalePart{i, sums.reach, Product(sums.reach, tier.rate)};
    case ScaleShape::kPerUnit:
      if (!highest || sums.units <= 0) return std::nullopt;
      return ScalePart{i, sums.units, Product(sums.units, tier.amount)};
    case ScaleShape::kTarget:
      if (!highest) return std::nullopt;
      if (tier.rate == 0) return ScalePart{i, 0, Whole(tier.amount)};
      return ScalePart{i, sums.reach, Plus(Product(sums.reach, tier.rate), Whole(tier.amount))};
  }
  return std::nullopt;
}

bool PaysRates(const ScaleTerms& terms, const ScalePart& part) {
  return terms.shape != ScaleShape::kPerUnit && terms.tiers[part.tier].rate != 0;
}

// The one target is missed: its amount, or its rate on what is missing.
void Miss(const ScaleTerms& terms, const ScaleSums& sums, ScaleValue* worked) {
  const ScaleTier& target = terms.tiers[0];
  if (terms.upto ? sums.reach > target.from : sums.reach >= target.from) return;
  const Integer missing = target.rate == 0 ? Integer(0) : Integer(target.from - sums.reach);
  worked->parts.push_back({0, missing, Plus(Product(missing, target.rate), Whole(target.amount))});
  worked->before = worked->parts[0].value;
}

}  // namespace

ScaleValue WorkOut(const ScaleTerms& terms, const ScaleSums& sums) {
  ScaleValue worked;
  const bool penalty = terms.max_penalty.has_value();
  if (penalty && terms.shape == ScaleShape::kTarget) {
    Miss(terms, sums, &worked);
  } else if (sums.reach > 0) {
    for (size_t i = 0; i < terms.tiers.size(); ++i) {
      std::optional<ScalePart> part = PartOf(terms, sums, i);
      if (!part.has_value()) continue;
      Fraction value = part->value;
      if (PaysRates(terms, *part)) {  // on the base, in proportion
        value = sums.base > 0 ? Times(value, Reduced(sums.base, sums.reach)) : Fraction();
      }
      worked.before = Plus(worked.before, value);
      worked.parts.push_back(*std::move(part));
    }
  }
  if (penalty) worked.before = Negative(worked.before);
  worked.value = worked.before;
  const bool bought = sums.reach > 0 && (terms.shape == ScaleShape::kPerUnit ? sums.units : sums.base) > 0;
  if (terms.floor.has_value() && bought && Less(worked.value, Whole(*terms.floor))) worked.value = Whole(*terms.floor);
  if (terms.cap.has_value() && Less(Whole(*terms.cap), worked.value)) worked.value = Whole(*terms.cap);
  if (penalty && Less(worked.value, Whole(-*terms.max_penalty))) worked.value = Whole(-*terms.max_penalty);
  return worked;
}

}  // namespace tributary::cli::verify
