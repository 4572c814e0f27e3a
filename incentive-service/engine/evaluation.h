#pragma once

// From an amount to a value, with the explanation. Pure and exact; the one rounding is the last step.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/tiers.h"

namespace tributary::incentive {

// What decides the value of an amount.
struct Terms {
  Scale scale;
  std::string currency;                     // ISO 4217
  Rounding rounding = Rounding::kHalfEven;  // to the currency's smallest unit
  friend bool operator==(const Terms&, const Terms&) = default;
};

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

// Evaluates the qualifying amount of one partner, program and period. An amount of 0 or less is worth 0 and has no
// parts. The terms must have passed CheckTiers. INVALID_FIELD for an unknown currency; OVERFLOW where the value does
// not fit.
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
