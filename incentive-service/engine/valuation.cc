#include "incentive-service/engine/valuation.h"

#include <algorithm>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {
namespace {

ScalePart PartOf(const Scale& scale, size_t tier, Rational amount) {
  const Decimal rate = scale.tiers[tier].rate;
  Rational value = amount * Rational(rate);
  return {tier, rate, std::move(amount), Decimal(), std::move(value)};
}

Rational Negative(const Rational& value) { return value.negative() ? value : Rational(); }

// Each tier pays on what lies between its two bounds. To which side a bound itself belongs makes no difference here:
// the tier that begins there would get a width of 0.
std::vector<ScalePart> MarginalParts(const Scale& scale, const Rational& q) {
  std::vector<ScalePart> parts;
  for (size_t i = 0; i < scale.tiers.size(); ++i) {
    const Rational from(scale.tiers[i].from);
    if (q <= from) break;
    const std::optional<Decimal> end = EndOf(scale, i);
    parts.push_back(PartOf(scale, i, (end.has_value() ? std::min(q, Rational(*end)) : q) - from));
  }
  return parts;
}

ScalePart TargetPart(const Scale& scale, size_t tier, const Rational& amount) {
  ScalePart part = PartOf(scale, tier, scale.tiers[tier].rate.zero() ? Rational() : amount);
  part.once = scale.tiers[tier].amount;
  part.value = part.value + Rational(part.once);
  return part;
}

// What the tiers give on Q above 0, `reached` of them.
std::vector<ScalePart> PartsOf(const Scale& scale, const Bases& bases, size_t reached) {
  const Rational& q = bases.reach;
  std::vector<ScalePart> parts;
  if (scale.shape == Shape::kMarginal) return MarginalParts(scale, q);
  if (reached == 0) return parts;
  switch (scale.shape) {
    case Shape::kMarginal:
      break;
    case Shape::kRetroactive:
    case Shape::kFlat:
      parts.push_back(PartOf(scale, reached - 1, q));
      break;
    case Shape::kRolling:
    case Shape::kTotal:
      for (size_t i = 0; i < reached; ++i) {
        const std::optional<Decimal> end = EndOf(scale, i);
        const bool whole = scale.shape == Shape::kTotal || !end.has_value();
        parts.push_back(PartOf(scale, i, whole ? q : std::min(q, Rational(*end))));
      }
      break;
    case Shape::kPerUnit: {
      const Tier& tier = scale.tiers[reached - 1];
      if (!Positive(bases.quantity)) break;
      parts.push_back({reached - 1, tier.amount, bases.quantity, Decimal(), bases.quantity * Rational(tier.amount)});
      break;
    }
    case Shape::kTarget:
      parts.push_back(TargetPart(scale, reached - 1, q));
      break;
  }
  return parts;
}

// Rates are paid on B, the rest as it is.
Rational BeforeLimits(const Scale& scale, const Bases& bases, const std::vector<ScalePart>& parts) {
  Rational rated, rest;
  for (const ScalePart& part : parts) {
    if (scale.shape == Shape::kPerUnit) {
      rest = rest + part.value;
    } else {
      rated = rated + part.value - Rational(part.once);
      rest = rest + Rational(part.once);
    }
  }
  if (!Positive(bases.base) || rated.zero()) return rest;
  return bases.base == bases.reach ? rated + rest : rated * bases.base / bases.reach + rest;
}

// A missed target charges its amount, or its rate on what is missing, whatever was bought.
Valuation MissedTarget(const Scale& scale, const Bases& bases) {
  Valuation valuation;
  if (ReachedTiers(scale, bases.reach) > 0) return valuation;
  valuation.parts.push_back(TargetPart(scale, 0, Rational(scale.tiers[0].from) - bases.reach));
  valuation.scaled = valuation.before = valuation.parts[0].value;
  return valuation;
}

void ApplyLimits(const Terms& terms, const Bases& bases, Valuation* valuation) {
  Rational& value = valuation->exact = valuation->before;
  const auto limit = [&](Limit which, Rational to) {
    valuation->limit = which;
    value = std::move(to);
  };
  if (terms.max_penalty.has_value()) {
    value = valuation->before = -valuation->before;
    if (const Rational most(-*terms.max_penalty); value < most) limit(Limit::kMaxPenalty, most);
    return;
  }
  const bool paid =
      Positive(bases.reach) && Positive(terms.scale.shape == Shape::kPerUnit ? bases.quantity : bases.base);
  if (terms.floor.has_value() && paid && value < Rational(*terms.floor)) limit(Limit::kFloor, Rational(*terms.floor));
  if (terms.cap.has_value() && value > Rational(*terms.cap)) limit(Limit::kCap, Rational(*terms.cap));
}

// Base and quantity grow as Q does.
Bases Grown(const Bases& bases, const Rational& reach) {
  const Rational factor = reach / bases.reach;
  return {reach, bases.base * factor, bases.quantity * factor};
}

}  // namespace

Valuation EvaluateExactly(const Terms& terms, const Bases& bases) {
  Valuation valuation;
  if (terms.max_penalty.has_value() && terms.scale.shape == Shape::kTarget) {
    valuation = MissedTarget(terms.scale, bases);
  } else if (Positive(bases.reach)) {
    valuation.parts = PartsOf(terms.scale, bases, ReachedTiers(terms.scale, bases.reach));
    for (const ScalePart& part : valuation.parts) valuation.scaled = valuation.scaled + part.value;
    valuation.before = BeforeLimits(terms.scale, bases, valuation.parts);
  }
  ApplyLimits(terms, bases, &valuation);
  if (terms.carry_negative) {
    valuation.carried = {Negative(bases.reach), Negative(bases.base), Negative(bases.quantity)};
  }
  return valuation;
}

absl::StatusOr<Valuation> Evaluate(const Terms& terms, const Bases& bases) {
  Valuation valuation = EvaluateExactly(terms, bases);
  ASSIGN_OR_RETURN(valuation.minor, ToMinorUnits(valuation.exact, terms.currency, terms.rounding));
  return valuation;
}

absl::StatusOr<Valuation> EvaluateRatio(const Terms& terms, const Bases& bases) {
  ASSIGN_OR_RETURN(Valuation valuation, Evaluate(terms, bases));
  if (terms.scale.shape == Shape::kPerUnit || valuation.parts.empty()) return valuation;
  const Rational factor = Positive(bases.base) ? bases.base / bases.reach : Rational();
  valuation.scaled = Rational();
  for (ScalePart& part : valuation.parts) {
    part.amount = part.amount * factor;
    part.value = part.amount * Rational(part.rate) + Rational(part.once);
    valuation.scaled = valuation.scaled + part.value;
  }
  return valuation;
}

absl::StatusOr<NextStep> WhatNext(const Terms& terms, const Bases& bases) {
  NextStep next;
  ASSIGN_OR_RETURN(const Valuation now, Evaluate(terms, bases));
  next.value_now = now.minor;
  next.value_then = now.minor;
  // What is 0 or less lies in the first tier, unless that begins above 0.
  size_t tier = ReachedTiers(terms.scale, bases.reach);
  if (tier == 0 && terms.scale.tiers[0].from.zero()) tier = 1;
  if (tier >= terms.scale.tiers.size()) return next;
  const Rational least(LeastIn(terms.scale, tier));
  next.from = terms.scale.tiers[tier].from;
  next.missing = ToDecimal(least - bases.reach, Rounding::kCeiling);
  next.value_then.reset();
  if (!Positive(bases.reach)) return next;
  ASSIGN_OR_RETURN(const Valuation then, Evaluate(terms, Grown(bases, bases.reach + Rational(next.missing))));
  next.value_then = then.minor;
  return next;
}

}  // namespace tributary::incentive
