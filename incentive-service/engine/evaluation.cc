#include "incentive-service/engine/evaluation.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {
namespace {

// Where the amount alone decides.
absl::StatusOr<Bases> BasesOf(const Terms& terms, Decimal qualifying) {
  if (terms.scale.measure != Measure::kAmount || terms.scale.shape == Shape::kPerUnit) {
    return InvalidField("scale", "a scale of units, of growth or of a count", "a scale that an amount alone decides");
  }
  Bases bases;
  bases.reach = bases.base = Rational(qualifying);
  return bases;
}

// A share, or a score, of at most so much.
void CheckReached(const Scale& scale, int64_t most, std::string_view wanted, const std::string& field,
                  std::vector<FieldViolation>* violations) {
  if (scale.shape != Shape::kRetroactive && scale.shape != Shape::kTarget) {
    violations->push_back({field + ".shape", "another shape", "RETROACTIVE or TARGET: a tier is reached as a whole"});
  }
  for (size_t i = 0; i < scale.tiers.size(); ++i) {
    if (scale.tiers[i].from <= Decimal::FromInt(most)) continue;
    violations->push_back(
        {StrCat(field, ".tiers[", i, "].from_amount"), scale.tiers[i].from.ToString(), std::string(wanted)});
  }
}

void CheckMarginTerms(const Terms& terms, const std::string& field, std::vector<FieldViolation>* violations) {
  const Shape shape = terms.scale.shape;
  if (terms.margin->reaches_by == MarginReach::kShare) {
    return CheckReached(terms.scale, 1, "a share of at most 1, such as 0.3 for 30 %", field + ".scale", violations);
  }
  if (shape == Shape::kPerUnit) {
    violations->push_back(
        {field + ".scale.shape", "PER_UNIT", "another shape: a margin pays rates, or an amount once"});
    return;
  }
  if (terms.margin->pays == MarginPays::kMargin) return;
  if (shape != Shape::kFlat && shape != Shape::kRetroactive && shape != Shape::kTarget) {
    violations->push_back({field + ".margin.pays", "NET",
                           "MARGIN, or a shape FLAT, RETROACTIVE or TARGET: the others pay by widths of the margin"});
  }
}

// Goods are given, no money.
void CheckPaysNothing(const Terms& terms, std::string_view field, std::vector<FieldViolation>* violations) {
  const auto want_none = [&](std::string_view name, const std::optional<Decimal>& amount) {
    if (!amount.has_value()) return;
    violations->push_back({StrCat(field, ".", name), amount->ToString(), "none: free goods are no money"});
  };
  if (terms.scale.shape != Shape::kFlat) {
    violations->push_back({StrCat(field, ".scale.shape"), "another shape", "FLAT, with the rate 0"});
  }
  for (size_t i = 0; i < terms.scale.tiers.size(); ++i) {
    const Decimal rate = terms.scale.tiers[i].rate;
    if (rate.zero()) continue;
    violations->push_back({StrCat(field, ".scale.tiers[", i, "].rate"), rate.ToString(), "0: free goods are no money"});
  }
  want_none("floor", terms.floor);
  want_none("cap", terms.cap);
  want_none("max_penalty", terms.max_penalty);
}

}  // namespace

std::vector<FieldViolation> CheckTermsValue(const Terms& terms, std::string_view field) {
  std::vector<FieldViolation> violations = CheckScale(terms.scale, StrCat(field, ".scale"));
  const auto blame = [&](std::string_view name, std::string got, std::string want) {
    violations.push_back({StrCat(field, ".", name), std::move(got), std::move(want)});
  };
  const std::optional<Decimal>&floor = terms.floor, &cap = terms.cap, &penalty = terms.max_penalty;
  if (floor.has_value() && floor->negative()) blame("floor", floor->ToString(), "0 or more");
  if (cap.has_value() && *cap <= Decimal()) {
    blame("cap", cap->ToString(), "more than 0");
  } else if (cap.has_value() && floor.has_value() && *cap < *floor) {
    blame("cap", cap->ToString(), StrCat("the floor, ", floor->ToString(), ", or more"));
  }
  if (terms.scale.measure == Measure::kGrowth && terms.growth_pays == GrowthPays::kIncrement) {
    const Shape shape = terms.scale.shape;
    if (shape != Shape::kFlat && shape != Shape::kRetroactive && shape != Shape::kTarget) {
      blame("growth.pays", "INCREMENT",
            "TOTAL, or a shape FLAT, RETROACTIVE or TARGET: the others pay by widths or units");
    }
  }
  if (terms.scale.measure == Measure::kDaysToPay) {
    if (terms.scale.shape != Shape::kMarginal) {
      blame("scale.shape", "another shape", "MARGINAL: what was paid within a band of days earns its rate");
    }
    if (floor.has_value()) blame("floor", floor->ToString(), "none: each part earns its own rate");
    if (penalty.has_value()) blame("max_penalty", penalty->ToString(), "none: paying late is not charged");
  }
  if (terms.scale.measure == Measure::kMix) {
    CheckReached(terms.scale, 1, "a share of at most 1, such as 0.3 for 30 %", StrCat(field, ".scale"), &violations);
  }
  if (terms.scale.measure == Measure::kComposite) {
    CheckReached(terms.scale, 100, "a score of at most 100", StrCat(field, ".scale"), &violations);
  }
  if (terms.scale.measure == Measure::kMargin && terms.margin.has_value()) {
    CheckMarginTerms(terms, std::string(field), &violations);
  }
  if (terms.scale.measure == Measure::kFreeGoods) {
    CheckPaysNothing(terms, field, &violations);
    return violations;
  }
  if (!penalty.has_value()) return violations;
  if (terms.scale.measure == Measure::kMix) blame("max_penalty", penalty->ToString(), "none: a mix is not charged");
  if (terms.scale.measure == Measure::kComposite) {
    blame("max_penalty", penalty->ToString(), "none: a score is not charged");
  }
  if (terms.scale.measure == Measure::kGrowth) blame("max_penalty", penalty->ToString(), "none: growth is not charged");
  if (terms.scale.measure == Measure::kMargin) {
    blame("max_penalty", penalty->ToString(), "none: a margin is not charged");
  }
  if (penalty->negative()) blame("max_penalty", penalty->ToString(), "0 or more");
  if (floor.has_value()) blame("floor", floor->ToString(), "none: a penalty has max_penalty alone");
  if (cap.has_value()) blame("cap", cap->ToString(), "none: a penalty has max_penalty alone");
  if (terms.scale.shape != Shape::kTarget) return violations;
  const std::vector<Tier>& tiers = terms.scale.tiers;
  if (tiers.size() > 1) blame("scale.tiers", StrCat(tiers.size(), " tiers"), "one: the target that may be missed");
  if (tiers.empty() || tiers[0].rate.zero()) return violations;
  if (terms.scale.measure == Measure::kQuantity || terms.scale.measure == Measure::kCount) {
    blame("scale.tiers[0].rate", tiers[0].rate.ToString(), "0: missing units have no price");
  }
  return violations;
}

absl::StatusOr<Evaluation> Evaluate(const Terms& terms, Decimal qualifying) {
  ASSIGN_OR_RETURN(const Bases bases, BasesOf(terms, qualifying));
  ASSIGN_OR_RETURN(Valuation valuation, Evaluate(terms, bases));
  Evaluation evaluation;
  for (ScalePart& part : valuation.parts) {
    evaluation.parts.push_back({terms.scale.tiers[part.tier].from, EndOf(terms.scale, part.tier), part.rate,
                                ToDecimal(part.amount, Rounding::kDown), std::move(part.value)});
  }
  evaluation.exact = std::move(valuation.exact);
  evaluation.minor = valuation.minor;
  return evaluation;
}

absl::StatusOr<NextTier> WhatNext(const Terms& terms, Decimal qualifying) {
  ASSIGN_OR_RETURN(const Bases now, BasesOf(terms, qualifying));
  ASSIGN_OR_RETURN(const NextStep next, WhatNext(terms, now));
  NextTier tier{next.from, next.missing, next.value_now, next.value_now};
  if (!next.from.has_value()) return tier;
  ASSIGN_OR_RETURN(const Evaluation then, Evaluate(terms, qualifying + next.missing));
  tier.value_then = then.minor;
  return tier;
}

}  // namespace tributary::incentive
