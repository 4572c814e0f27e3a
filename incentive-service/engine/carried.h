#pragma once

// What comes into a period beside its lines: what periods before leave below 0, carried into the next one where that is
// declared (SEMANTICS R7), a function of what they come to, in their order; and what a partner brings along when the
// suite goes live.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"

namespace tributary::incentive {

// What the lines of a period come to by themselves.
struct PeriodSum {
  std::string period;  // its id
  Decimal amount;
  Decimal quantity;
  friend bool operator==(const PeriodSum&, const PeriodSum&) = default;
};

// What an opening balance says of the period: it counts as lines of the period do.
struct OpeningVolume {
  std::string balance;   // openingBalances/{opening_balance}
  std::string document;  // that says so
  Decimal amount;        // in the program's currency, 0 or more, as are the next
  Decimal quantity;      // base units
  int64_t paid = 0;      // for it, before the suite went live: minor units
  friend bool operator==(const OpeningVolume&, const OpeningVolume&) = default;
};

// Adds to the sums of the next period.
struct Carried {
  std::vector<PeriodSum> periods;  // of which something is carried, the oldest first
  Decimal amount;                  // 0 or less, as is the next
  Decimal quantity;
  std::optional<OpeningVolume> opening;  // not in the sums above; a program has the one or the other
  friend bool operator==(const Carried&, const Carried&) = default;

  // What the period's sums are worked out with beside its lines.
  Decimal amount_beside() const { return opening.has_value() ? amount + opening->amount : amount; }
  Decimal quantity_beside() const { return opening.has_value() ? quantity + opening->quantity : quantity; }
  // What was paid of the period before the suite went live.
  int64_t paid_before() const { return opening.has_value() ? opening->paid : 0; }

  // The next period: what it lacks, with what was carried into it, is carried on.
  void Add(PeriodSum sum);
};

// Into one period, by partner.
using CarriedInto = std::map<std::string, Carried>;
// Into the periods of a program, by the period's id and partner.
using OpeningVolumes = std::map<std::string, std::map<std::string, OpeningVolume>>;

}  // namespace tributary::incentive
