#pragma once

// Scales: tiers of rates, as a rebate contract writes them. Pure and exact.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

// How tiers become a value. Q is what reaches tiers; B, the money that rates are paid on, is Q itself unless a stacking
// plan lowers it or only some lines are paid. `upper` is where a tier ends.
enum class Shape {
  kMarginal = 1,     // each tier's rate on the width of that tier that was filled
  kRetroactive = 2,  // the reached tier's rate on the whole amount
  kRolling = 3,      // each reached tier's rate on min(Q, upper)
  kTotal = 4,        // the sum of the reached tiers' rates on the whole amount
  kFlat = 5,         // one rate on the whole amount: one tier, from 0
  kPerUnit = 6,      // the reached tier's amount for each base unit that is paid
  kTarget = 7,       // all or nothing: nothing below the first tier's `from`, there the reached tier's rate or amount
};

// In what Q is measured where it reaches tiers.
enum class Measure {
  kAmount = 1,     // money of the program's currency
  kQuantity = 2,   // base units
  kGrowth = 3,     // money over a baseline: 1.25 is a quarter more (growth.h)
  kCount = 4,      // distinct orders, customers, products or sites (count.h)
  kMix = 5,        // money of a set of products over all money: 0.3 is 30 % (mix.h)
  kDaysToPay = 6,  // days from the invoice to what was paid of it (days_to_pay.h)
  kFreeGoods = 7,  // nothing: units that were paid bring free ones, no money (free_goods.h)
  kComposite = 8,  // points of a score of at most 100 (composite.h)
  kMargin = 9,     // money less what the units cost, or its share of the money (margin.h)
};

// To which tier an amount equal to a bound belongs. Contracts come in both.
enum class Bound {
  kFrom = 1,  // [from, next): to the higher one, 5,000.00 reaches the tier from 5,000
  kUpto = 2,  // (from, next]: to the lower one
};

struct Tier {
  Decimal from;    // in the scale's measure
  Decimal rate;    // 0.035 is 3.5 %
  Decimal amount;  // in the program's currency: for one base unit under kPerUnit, once under kTarget, else 0
  friend bool operator==(const Tier&, const Tier&) = default;
};

// Tiers in rising order, the first from 0 (under kTarget from 0 or more); so there is neither a gap nor an overlap.
struct Scale {
  Shape shape = Shape::kMarginal;
  Bound bound = Bound::kFrom;
  std::vector<Tier> tiers;
  Measure measure = Measure::kAmount;
  friend bool operator==(const Scale&, const Scale&) = default;
};

// What is wrong with the tiers, each with its path below `field` ("tiers[1].from_amount"); empty where they may be
// used: there is one at least, the first begins at 0, each begins above the one before, rates lie in [0, 1].
std::vector<FieldViolation> CheckTiers(absl::Span<const Tier> tiers, std::string_view field);

// What is wrong with the scale: CheckTiers, and by shape: a flat one has one tier; rates of a total or rolling one sum
// to 1 at most; a target begins at 0 or more and each of its tiers has a rate or an amount, not both; only a target and
// an amount per unit have amounts, none below 0, and an amount per unit has no rate; what is counted is whole.
std::vector<FieldViolation> CheckScale(const Scale& scale, std::string_view field);

// How many tiers Q has reached, from the first on. A first tier from 0 is reached by anything above 0, and by 0 itself
// under kFrom.
size_t ReachedTiers(const Scale& scale, const Rational& q);

// The tier that an amount lies in, by index. Amounts below the first bound lie in the first tier.
size_t ReachedTier(const Scale& scale, Decimal amount);

// Where the tier ends, which is where the next begins; nullopt for the last.
std::optional<Decimal> EndOf(const Scale& scale, size_t tier);

// The least amount that lies in the tier: its beginning, or the smallest step (a millionth, 1 of what is counted) above
// it under kUpto.
Decimal LeastIn(const Scale& scale, size_t tier);

// The tier as contracts print it: "[5000, 20000)", "(5000, 20000]", "[20000, ∞)".
std::string IntervalText(const Scale& scale, size_t tier);

}  // namespace tributary::incentive
