#pragma once

// From an amount to a value, with the explanation. Pure and exact; the one rounding is the last step.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/composite.h"
#include "incentive-service/engine/free_goods.h"
#include "incentive-service/engine/tiers.h"

namespace tributary::incentive {

// On what a growth program pays (growth.h). The numbers are those of the wire.
enum class GrowthPays {
  kTotal = 1,      // the whole of the current amount
  kIncrement = 2,  // what it is above the baseline
};

// On what a mix pays (mix.h). The numbers are those of the wire.
enum class MixPays {
  kSet = 1,  // what lines of the set come to
  kAll = 2,  // what all lines do
};

// Whose margin is measured (margin.h), by what it reaches tiers, and on what it pays. The numbers are those of the
// wire.
enum class MarginOf {
  kPartner = 1,  // of what the partner sold on
  kVendor = 2,   // of what the vendor sold
};
enum class MarginReach {
  kAmount = 1,  // money
  kShare = 2,   // of the net amount: 0.3 is 30 %
};
enum class MarginPays {
  kMargin = 1,
  kNet = 2,
};
struct MarginTerms {
  MarginOf of = MarginOf::kPartner;
  MarginReach reaches_by = MarginReach::kAmount;
  MarginPays pays = MarginPays::kMargin;
  bool discloses_costs = false;  // the vendor's, to the partners whose lines are measured
  friend bool operator==(const MarginTerms&, const MarginTerms&) = default;

  // Whether what reaches the tiers is the money that rates are paid on.
  bool pays_what_reaches() const { return reaches_by == MarginReach::kAmount && pays == MarginPays::kMargin; }
};

// What decides the value of an amount. Floor and cap hold for one partner and period, in the program's currency.
struct Terms {
  Scale scale;
  std::string currency;                     // ISO 4217
  Rounding rounding = Rounding::kHalfEven;  // to the currency's smallest unit
  std::optional<Decimal> floor;             // what is paid at least where Q and the base are above 0
  std::optional<Decimal> cap;               // what is paid at most
  // Given: the program is a penalty, its value 0 or less and never below -max_penalty. It charges what the scale would
  // pay. A target is turned round: it charges where it is missed, its amount, or its rate on what is missing to it.
  std::optional<Decimal> max_penalty;
  bool carry_negative = false;                  // sums below 0 are carried into the next period instead of dropped
  GrowthPays growth_pays = GrowthPays::kTotal;  // under Measure::kGrowth
  MixPays mix_pays = MixPays::kSet;             // under Measure::kMix
  std::optional<FreeGoodsTerms> free_goods;     // under Measure::kFreeGoods, and only there
  std::optional<CompositeTerms> composite;      // under Measure::kComposite, and only there
  std::optional<MarginTerms> margin;            // under Measure::kMargin, and only there
  friend bool operator==(const Terms&, const Terms&) = default;
};

// What is wrong with the terms, each with its path below `field`: the scale ("field.scale.tiers[1].rate"), a floor or
// max_penalty below 0, a cap of 0 or less or below the floor, a penalty with a floor, a cap or (under kTarget) more
// than one tier, or with a rate on missing units; growth that is a penalty, or that pays its increment by another shape
// than a flat, a retroactive or a target one; a mix that is a penalty, has another shape than a retroactive or a target
// one, or a tier above 1; days to pay that are a penalty, have another shape than a marginal one, or a floor; free
// goods that pay anything too; a score that is a penalty, has another shape than a retroactive or a target one, or a
// tier above 100; a margin that is a penalty or pays by the unit, one that reaches by its share as a mix does, or one
// that pays on net by another shape than a flat, a retroactive or a target one.
std::vector<FieldViolation> CheckTermsValue(const Terms& terms, std::string_view field);

// What one tier gave: its rate on a part of the amount. Under marginal tiers the part is the width that was filled,
// never the bound; under retroactive ones it is the whole amount, in the reached tier alone.
struct TierPart {
  Decimal from;
  std::optional<Decimal> to;  // where the next tier begins
  Decimal rate;
  Decimal amount;
  Rational value;  // amount x rate
};

struct Evaluation {
  std::vector<TierPart> parts;  // the tiers that had an amount; their values sum to `exact`
  Rational exact;
  int64_t minor = 0;  // `exact`, rounded once to the currency's smallest unit
};

// Evaluates the qualifying amount of one partner, program and period where it is all that decides: it reaches the tiers
// and is paid on, outside any stacking plan. An amount of 0 or less is worth 0 and has no parts. The terms must have
// passed CheckTermsValue. INVALID_FIELD for an unknown currency, and for a scale that wants a quantity or a baseline;
// OVERFLOW where the value does not fit.
absl::StatusOr<Evaluation> Evaluate(const Terms& terms, Decimal qualifying);

// How far it is to the next tier.
struct NextTier {
  std::optional<Decimal> from;  // nullopt in the last tier; then `missing` is 0 and both values are equal
  Decimal missing;              // added to the amount it just lies in the next tier
  int64_t value_now = 0;        // in minor units
  int64_t value_then = 0;
};
absl::StatusOr<NextTier> WhatNext(const Terms& terms, Decimal qualifying);

}  // namespace tributary::incentive
