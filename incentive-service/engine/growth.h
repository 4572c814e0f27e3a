#pragma once

// Growth over a baseline (SEMANTICS R9).
//
// What reaches the tiers is Q = current / baseline, an exact fraction: a tier of growth t begins at 1 + t, and is met
// when current >= baseline x (1 + t). Rates are paid on B, the whole of the current amount or what it grew by. The
// parts of the valuation are told in money: what lies between two bounds of Q is that times the baseline.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

// What counts where the reference is 0 or less, or the partner was not active on all of its days. The numbers are those
// of the wire.
enum class GrowthFallback {
  kNotEligible = 1,          // nothing is paid
  kFixedBaseline = 2,        // the baseline that was agreed
  kProrateByActiveDays = 3,  // the reference's, drawn out from its active days to all; 0 or less stays not eligible
};

// What became of the baseline. The numbers are stored and are those of the wire.
enum class GrowthOutcome {
  kMeasured = 1,
  kBaselineNotPositive = 2,  // and the fallback does not help; nor is one agreed
  kNotActiveThroughout = 3,  // likewise
  kTakenOver = 4,            // its lines count with those of its successor
};
std::string_view NameOf(GrowthOutcome outcome);

struct GrowthFacts {
  Decimal reference;              // of the reference period, frozen
  int64_t reference_days = 0;     // of it; 0 where the baseline is agreed and nothing else
  int64_t active_days = 0;        // of them, those on which the partner was active
  std::optional<Decimal> agreed;  // the partner's fixed baseline
  // Ids of the partners that it took over: what they came to is in its amounts, on both sides.
  std::vector<std::string> predecessors;
  std::string successor;  // id of the partner that took it over; empty for none
  friend bool operator==(const GrowthFacts&, const GrowthFacts&) = default;
};

struct Baseline {
  GrowthFacts facts;
  GrowthOutcome outcome = GrowthOutcome::kMeasured;
  Rational amount;  // that current is measured against; above 0 where it is measured
  friend bool operator==(const Baseline&, const Baseline&) = default;
};
Baseline BaselineOf(GrowthFallback fallback, const GrowthFacts& facts);

// Of one partner and period: what reaches the tiers and pays; all 0 where nothing is measured.
Bases GrowthBases(const Terms& terms, const Baseline& baseline, const Rational& current, const Rational& quantity);

// Errors as incentive::Evaluate.
absl::StatusOr<Valuation> EvaluateGrowth(const Terms& terms, const Baseline& baseline, const Rational& current,
                                         const Rational& quantity);

// In money: where the next tier begins, rounded up to a millionth, and what current is short of it. Nothing follows
// where nothing is measured.
absl::StatusOr<NextStep> NextGrowth(const Terms& terms, const Baseline& baseline, const Rational& current,
                                    const Rational& quantity);

}  // namespace tributary::incentive
