#pragma once

// Growth over a baseline, worked out again by the verifier: the reference period by a calendar of its own, the baseline
// by the rules of the terms, the value by the scale. Without messages.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "cli/verify/fraction.h"
#include "cli/verify/scale.h"

namespace tributary::cli::verify {

// A calendar period: "2013", "2013Q4" or "2013-11".
struct CalendarPeriod {
  std::string id;
  std::chrono::sys_days start, end;
  int days() const { return static_cast<int>((end - start).count()); }
};
// The one before, or the same a year before; nullopt where the id is none.
std::optional<CalendarPeriod> PeriodBefore(std::string_view id, bool by_a_year);
// Of the period, from that day ("2013-11-29") on; all where it is empty.
int DaysFrom(const CalendarPeriod& period, std::string_view day);

// What the baseline follows from. Amounts in billionths.
struct BaselineInput {
  bool fixed = false;    // the agreed one and nothing else
  std::string fallback;  // as the terms name it
  std::optional<Integer> agreed;
  Integer reference = 0;
  int reference_days = 0;
  int active_days = 0;
};
struct BaselineWork {
  std::string outcome;  // "MEASURED", or why nothing is
  std::optional<Fraction> baseline;
};
BaselineWork WorkOutBaseline(const BaselineInput& input);

// Where tiers are reached by a ratio: parts are in money.
ScaleValue WorkOutRatio(const ScaleTerms& terms, const ScaleSums& sums);

// Nothing without a baseline.
ScaleValue WorkOutGrowth(const ScaleTerms& terms, const std::optional<Fraction>& baseline, bool pays_increment,
                         const Fraction& current, const Fraction& units);

// Half-even to the 40 decimals that statements print.
Fraction AsPrinted(const Fraction& amount);

}  // namespace tributary::cli::verify
