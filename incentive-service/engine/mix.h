#pragma once

// Mix: the share of a set of products in all that was bought (SEMANTICS R9).
//
// What reaches the tiers is Q = sum(set) / sum(all), an exact fraction: a tier from 0.3 is met when sum(set) >= 0.3 x
// sum(all). Where the sum of all is 0 or less nothing is met. Rates are paid on what the set comes to, or on all.

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

// Of one partner and period: what reaches the tiers and pays; all 0 where nothing is met.
Bases MixBases(const Terms& terms, Decimal set, const Rational& all);

// Errors as incentive::Evaluate.
absl::StatusOr<Valuation> EvaluateMix(const Terms& terms, Decimal set, const Rational& all);

// Where the next tier begins, as a share, and how much more of the set alone just reaches it, rounded up to a
// millionth. Nothing follows where the sum of all is 0 or less, nor where no more of the set helps: a share of 1 is
// reached by returns of the rest alone.
absl::StatusOr<NextStep> NextMix(const Terms& terms, Decimal set, const Rational& all);

}  // namespace tributary::incentive
