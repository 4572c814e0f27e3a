#include "cli/verify/scale.h"

namespace tributary::cli::verify {
namespace {

// amount x rate, the rate in billionths.
Fraction Product(const Fraction& amount, const Integer& rate) { return Times(amount, Whole(rate)); }

bool Positive(const Fraction& value) { return value.num > 0; }

Fraction Negative(const Fraction& value) { return {-value.num, value.den}; }

// What tier i gives on Q; nothing where it is not reached, or where another takes its place.
std::optional<ScalePart> PartOf(const ScaleTerms& terms, const ScaleSums& sums, size_t i) {
  const auto reached = [&](size_t tier) {
    if (tier >= terms.tiers.size()) return false;
    const Fraction from = Whole(terms.tiers[tier].from);
    return terms.upto ? Less(from, sums.reach) : !Less(sums.reach, from);
  };
  const ScaleTier& tier = terms.tiers[i];
  if (!reached(i)) return std::nullopt;
  const bool highest = !reached(i + 1);
  const Fraction from = Whole(tier.from);
  const bool full = i + 1 < terms.tiers.size() && Less(Whole(terms.tiers[i + 1].from), sums.reach);
  const Fraction filled = full ? Whole(terms.tiers[i + 1].from) : sums.reach;
  switch (terms.shape) {
    case ScaleShape::kMarginal:
      if (Equal(filled, from)) return std::nullopt;
      return ScalePart{i, Minus(filled, from), Product(Minus(filled, from), tier.rate)};
    case ScaleShape::kRolling:
      return ScalePart{i, filled, Product(filled, tier.rate)};
    case ScaleShape::kTotal:
      return ScalePart{i, sums.reach, Product(sums.reach, tier.rate)};
    case ScaleShape::kRetroactive:
    case ScaleShape::kFlat:
      if (!highest) return std::nullopt;
      return ScalePart{i, sums.reach, Product(sums.reach, tier.rate)};
    case ScaleShape::kPerUnit:
      if (!highest || !Positive(sums.units)) return std::nullopt;
      return ScalePart{i, sums.units, Product(sums.units, tier.amount)};
    case ScaleShape::kTarget:
      if (!highest) return std::nullopt;
      if (tier.rate == 0) return ScalePart{i, {}, Whole(tier.amount)};
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
  const Fraction from = Whole(target.from);
  if (terms.upto ? Less(from, sums.reach) : !Less(sums.reach, from)) return;
  const Fraction missing = target.rate == 0 ? Fraction() : Minus(from, sums.reach);
  worked->parts.push_back({0, missing, Plus(Product(missing, target.rate), Whole(target.amount))});
  worked->before = worked->parts[0].value;
}

}  // namespace

ScaleValue WorkOut(const ScaleTerms& terms, const ScaleSums& sums) {
  ScaleValue worked;
  const bool penalty = terms.max_penalty.has_value();
  if (penalty && terms.shape == ScaleShape::kTarget) {
    Miss(terms, sums, &worked);
  } else if (Positive(sums.reach)) {
    for (size_t i = 0; i < terms.tiers.size(); ++i) {
      std::optional<ScalePart> part = PartOf(terms, sums, i);
      if (!part.has_value()) continue;
      Fraction value = part->value;
      if (PaysRates(terms, *part)) {  // on the base, in proportion
        value = Positive(sums.base) ? Times(value, Over(sums.base, sums.reach)) : Fraction();
      }
      worked.before = Plus(worked.before, value);
      worked.parts.push_back(*std::move(part));
    }
  }
  if (penalty) worked.before = Negative(worked.before);
  worked.value = worked.before;
  const bool bought = Positive(sums.reach) && Positive(terms.shape == ScaleShape::kPerUnit ? sums.units : sums.base);
  if (terms.floor.has_value() && bought && Less(worked.value, Whole(*terms.floor))) worked.value = Whole(*terms.floor);
  if (terms.cap.has_value() && Less(Whole(*terms.cap), worked.value)) worked.value = Whole(*terms.cap);
  if (penalty && Less(worked.value, Whole(-*terms.max_penalty))) worked.value = Whole(-*terms.max_penalty);
  return worked;
}

}  // namespace tributary::cli::verify
