#pragma once

// What sums are worth in the program's currency, and to the engine. Amounts of one currency and day are added up first
// and then converted, exactly: splitting a line changes nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/engine/composite.h"
#include "incentive-service/engine/days_to_pay.h"
#include "incentive-service/engine/group_share.h"
#include "incentive-service/engine/growth.h"
#include "incentive-service/engine/margin.h"
#include "incentive-service/engine/valuation.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct ConvertedAmount {
  std::string currency;
  Date date;
  Decimal amount;
  int64_t lines = 0;
  std::optional<Rational> rate;  // units of the program's currency for one; nullopt where there is none

  Rational converted() const { return rate.has_value() ? Rational(amount) * *rate : Rational(); }
};

struct Pricing {
  Rational amount;    // of all lines that have a rate or need none
  Decimal quantity;   // of all lines
  int64_t lines = 0;  // all
  int64_t unpriced_lines = 0;
  std::vector<ConvertedAmount> converted;  // by currency and day
  std::optional<Baseline> baseline;        // under Measure::kGrowth
  int64_t count = 0;                       // under Measure::kCount
  Decimal set;                             // of the amount, under Measure::kMix
  PaidByDays paid;                         // under Measure::kDaysToPay
  GoodsUnits goods;                        // under Measure::kFreeGoods; not stored
  ScoreFigures figures;                    // under Measure::kComposite: those of evaluations
  std::vector<MemberVolume> members;       // of a program that rolls up: VolumesOf (earners.h) the lines
  MarginSums margin;                       // under Measure::kMargin
  Carried carried;                         // what comes in beside the lines; not in the sums above

  // Whether lines count for nothing until a rate, or a cost, is known.
  bool waits() const { return unpriced_lines > 0 || margin.uncosted > 0; }
};

// `rates` are of the program's type, into its currency.
Pricing PriceOf(const AccrualSums& sums, const Rates& rates);

// The share of a mix, exact, as "num" or "num/den"; empty where the amount is 0 or less.
std::string ShareText(const Pricing& pricing);
// The share of a margin in the net amount of its lines; empty where that is 0 or less.
std::string ShareText(const MarginSums& margin);

// What one partner, program and period is worth, and what the next tier is. Errors as incentive::Evaluate.
absl::StatusOr<Valuation> ValueOf(const Terms& terms, const Pricing& pricing);
absl::StatusOr<NextStep> NextOf(const Terms& terms, const Pricing& pricing);

// What reaches the tiers and is paid on once so many times as much has come in, by lines and by what a partner brought
// along when the suite went live: what is carried into the period, scores
// of evaluations, baselines and shares stay. nullopt where what comes in does not add up: counts, days to pay, free
// goods. And what such bases are worth.
std::optional<Bases> BasesAtPace(const Terms& terms, const Pricing& pricing, const Rational& times);
absl::StatusOr<Valuation> ValueOfBases(const Terms& terms, const Pricing& pricing, const Bases& bases);
// What has come in of that by whose sum tiers are reached, in the measure in which NextStep::missing is; nullopt where
// they are reached by something else, such as a share or a score.
std::optional<Rational> AddsUpTo(const Terms& terms, const Pricing& pricing);

}  // namespace tributary::incentive
