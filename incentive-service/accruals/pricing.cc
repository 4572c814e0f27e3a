#include "incentive-service/accruals/pricing.h"

#include "common/status/status.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/mix.h"

namespace tributary::incentive {
namespace {

Bases PricedBases(const Terms& terms, const Pricing& pricing) {
  if (terms.scale.measure == Measure::kCount) {
    const Rational count = Rational::FromInt(pricing.count);
    return {count, pricing.amount, count};
  }
  const Rational amount = pricing.amount + Rational(pricing.carried.amount_beside());
  const Rational quantity(pricing.quantity + pricing.carried.quantity_beside());
  return {terms.scale.measure == Measure::kQuantity ? quantity : amount, amount, quantity};
}

// What has come in of the period, with what an opening balance says of it: that counts as lines do.
Rational AmountCome(const Pricing& pricing) {
  const std::optional<OpeningVolume>& opening = pricing.carried.opening;
  return opening.has_value() ? pricing.amount + Rational(opening->amount) : pricing.amount;
}
Rational QuantityCome(const Pricing& pricing) {
  const std::optional<OpeningVolume>& opening = pricing.carried.opening;
  return Rational(opening.has_value() ? pricing.quantity + opening->quantity : pricing.quantity);
}

// What is paid is by the low end: silence never earns.
Bases ScoredBases(const Terms& terms, const Pricing& pricing) {
  const CompositeScore score = ScoreOf(*terms.composite, pricing.figures, pricing.amount);
  return {score.total.low, pricing.amount, Rational(pricing.quantity)};
}

// How many points are missing, and what the amount is worth with them.
absl::StatusOr<NextStep> NextScore(const Terms& terms, const Pricing& pricing) {
  Bases bases = ScoredBases(terms, pricing);
  ASSIGN_OR_RETURN(const Valuation now, EvaluateRatio(terms, bases));
  NextStep next{.value_now = now.minor, .value_then = now.minor};
  // 0 points lie in the first tier, unless that begins above 0.
  size_t tier = ReachedTiers(terms.scale, bases.reach);
  if (tier == 0 && terms.scale.tiers[0].from.zero()) tier = 1;
  if (tier >= terms.scale.tiers.size()) return next;
  const Rational least(LeastIn(terms.scale, tier));
  next.from = terms.scale.tiers[tier].from;
  next.missing = ToDecimal(least - bases.reach, Rounding::kCeiling);
  bases.reach = least;
  ASSIGN_OR_RETURN(const Valuation then, EvaluateRatio(terms, bases));
  next.value_then = then.minor;
  return next;
}

// What a margin reaches and pays on; nothing where the net is 0 or less.
Bases MarginBases(const MarginTerms& terms, const Rational& net, const Rational& margin) {
  if (!Positive(net)) return {};
  return {terms.reaches_by == MarginReach::kShare ? margin / net : margin,
          terms.pays == MarginPays::kNet ? net : margin, Rational()};
}

// How much more margin is missing: by a share on the net that there is, else with more of the same.
absl::StatusOr<NextStep> NextMargin(const Terms& terms, const MarginSums& sums) {
  const Rational net(sums.net);
  Rational margin = sums.margin();
  const Bases bases = MarginBases(*terms.margin, net, margin);
  ASSIGN_OR_RETURN(const Valuation now, EvaluateRatio(terms, bases));
  NextStep next{.value_now = now.minor, .value_then = now.minor};
  if (!Positive(net)) return next;
  if (terms.margin->reaches_by == MarginReach::kAmount) return WhatNext(terms, bases);
  // A share of 0 or less lies in the first tier, unless that begins above 0.
  size_t tier = ReachedTiers(terms.scale, bases.reach);
  if (tier == 0 && terms.scale.tiers[0].from.zero()) tier = 1;
  if (tier >= terms.scale.tiers.size()) return next;
  next.from = terms.scale.tiers[tier].from;
  const Rational more = Rational(*next.from) * net - margin;
  next.missing = terms.scale.bound == Bound::kFrom ? ToDecimal(more, Rounding::kCeiling)
                                                   : ToDecimal(more, Rounding::kDown) + Decimal::FromMicros(1);
  margin = margin + Rational(next.missing);
  ASSIGN_OR_RETURN(const Valuation then, EvaluateRatio(terms, MarginBases(*terms.margin, net, margin)));
  next.value_then = then.minor;
  return next;
}

// How much more of the period gives more; an order that is to come stands by itself.
absl::StatusOr<NextStep> NextGoods(const Terms& terms, const Pricing& pricing) {
  ASSIGN_OR_RETURN(const Valuation now, Evaluate(terms, PricedBases(terms, pricing)));
  NextStep next{.value_now = now.minor, .value_then = now.minor};
  if (terms.free_goods->scope == FreeGoodsScope::kOrder) return next;
  const Decimal paid = WorkOutGoods(*terms.free_goods, pricing.goods).paid;
  next.from = NextGoodsFrom(*terms.free_goods, paid);
  next.missing = *next.from - paid;
  return next;
}

}  // namespace

Pricing PriceOf(const AccrualSums& sums, const Rates& rates) {
  Pricing pricing{.amount = Rational(sums.amount), .quantity = sums.quantity, .lines = sums.lines};
  for (const auto& [key, sum] : sums.foreign) {
    ConvertedAmount converted{key.first, key.second, sum.amount, sum.lines, std::nullopt};
    if (const auto rate = rates.find(key); rate != rates.end()) {
      converted.rate = rate->second;
      pricing.amount = pricing.amount + converted.converted();
    } else {
      pricing.unpriced_lines += sum.lines;
    }
    pricing.converted.push_back(std::move(converted));
  }
  pricing.count = CountDistinct(sums.counted);
  pricing.set = sums.set;
  pricing.paid = sums.paid;
  pricing.goods = sums.goods;
  pricing.margin = sums.margin;
  return pricing;
}

std::string ShareText(const Pricing& pricing) {
  return Positive(pricing.amount) ? (Rational(pricing.set) / pricing.amount).ToString() : "";
}

std::string ShareText(const MarginSums& margin) {
  return Decimal() < margin.net ? (margin.margin() / Rational(margin.net)).ToString() : "";
}

absl::StatusOr<Valuation> ValueOf(const Terms& terms, const Pricing& pricing) {
  if (terms.margin.has_value()) {
    const MarginSums& sums = pricing.margin;
    return EvaluateRatio(terms, MarginBases(*terms.margin, Rational(sums.net), sums.margin()));
  }
  if (terms.scale.measure == Measure::kDaysToPay) return EvaluateDaysToPay(terms, pricing.paid);
  if (terms.composite.has_value()) return EvaluateRatio(terms, ScoredBases(terms, pricing));
  if (terms.scale.measure == Measure::kMix) return EvaluateMix(terms, pricing.set, pricing.amount);
  if (!pricing.baseline.has_value()) return Evaluate(terms, PricedBases(terms, pricing));
  return EvaluateGrowth(terms, *pricing.baseline, pricing.amount, Rational(pricing.quantity));
}

absl::StatusOr<NextStep> NextOf(const Terms& terms, const Pricing& pricing) {
  if (terms.scale.measure == Measure::kDaysToPay) {
    // Paying more reaches no band: each part has its own.
    ASSIGN_OR_RETURN(const Valuation now, EvaluateDaysToPay(terms, pricing.paid));
    return NextStep{.value_now = now.minor, .value_then = now.minor};
  }
  if (terms.free_goods.has_value()) return NextGoods(terms, pricing);
  if (terms.composite.has_value()) return NextScore(terms, pricing);
  if (terms.margin.has_value()) return NextMargin(terms, pricing.margin);
  if (terms.scale.measure == Measure::kMix) return NextMix(terms, pricing.set, pricing.amount);
  if (!pricing.baseline.has_value()) return WhatNext(terms, PricedBases(terms, pricing));
  return NextGrowth(terms, *pricing.baseline, pricing.amount, Rational(pricing.quantity));
}

std::optional<Bases> BasesAtPace(const Terms& terms, const Pricing& pricing, const Rational& times) {
  const Measure measure = terms.scale.measure;
  if (measure == Measure::kCount || measure == Measure::kDaysToPay || terms.free_goods.has_value()) return std::nullopt;
  if (terms.margin.has_value()) {
    return MarginBases(*terms.margin, Rational(pricing.margin.net) * times, pricing.margin.margin() * times);
  }
  const Rational amount = pricing.amount * times;
  const Rational quantity = Rational(pricing.quantity) * times;
  if (terms.composite.has_value()) {
    return Bases{ScoreOf(*terms.composite, pricing.figures, amount).total.low, amount, quantity};
  }
  if (measure == Measure::kMix) {
    Bases bases = MixBases(terms, pricing.set, pricing.amount);
    bases.base = bases.base * times;
    return bases;
  }
  if (pricing.baseline.has_value()) return GrowthBases(terms, *pricing.baseline, amount, quantity);
  const Rational all = AmountCome(pricing) * times + Rational(pricing.carried.amount);
  const Rational units = QuantityCome(pricing) * times + Rational(pricing.carried.quantity);
  return Bases{measure == Measure::kQuantity ? units : all, all, units};
}

absl::StatusOr<Valuation> ValueOfBases(const Terms& terms, const Pricing& pricing, const Bases& bases) {
  const bool is_ratio = terms.margin.has_value() || terms.composite.has_value() ||
                        terms.scale.measure == Measure::kMix || pricing.baseline.has_value();
  return is_ratio ? EvaluateRatio(terms, bases) : Evaluate(terms, bases);
}

std::optional<Rational> AddsUpTo(const Terms& terms, const Pricing& pricing) {
  if (terms.margin.has_value()) {
    if (terms.margin->reaches_by == MarginReach::kShare) return std::nullopt;
    return pricing.margin.margin();
  }
  const Measure measure = terms.scale.measure;
  if (measure == Measure::kQuantity) return QuantityCome(pricing);
  if (pricing.baseline.has_value()) return pricing.amount;
  if (measure == Measure::kAmount) return AmountCome(pricing);
  return std::nullopt;
}

}  // namespace tributary::incentive
