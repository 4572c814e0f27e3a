#pragma once

// PRICE_WAR: sellers cut the advertised prices of a product in a region one after the other.
//
// A seller's price of a day is the lowest that it was seen to advertise on it. A cut is a price of a day below the
// seller's price of the day before on which one was seen; it happens when that lowest price was first seen. A cascade
// is a run of cuts in order of time, each at most follow_days after the one before, as the rule of its first cut
// (RuleFor) declares. It is a war where sellers beside the first mover cut in it. Of cuts of one day whose moments are
// not known the first by name comes first.
//
// The loss to the others: for each seller beside the first mover, over its sales of the product in the region from the
// day of its first cut in the cascade until follow_days after the last cut of all:
//   sum of quantity x max(0, its price before its first cut - its price of the day), returns negative, exactly.
// A return that tells its sale counts on the day and in the region of the sale (SEMANTICS R7).
// What is not sold, and what sellers that are no partners sell, is not known and not counted.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/scopes/region_tree.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

struct PriceCut {
  const PriceObservation* seen;  // the first at the lower price
  Decimal before;
};

struct Cascade {
  const PriceRule* rule;       // of its first cut
  std::vector<PriceCut> cuts;  // in order of time; the first is the first mover's
  Date watched_until() const { return cuts.back().seen->date.AddDays(rule->follow_days); }
};

// The wars among the observations of one market (prices/price.h), which are given in any order. Withdrawn ones and
// those of sales are not looked at. The cuts point into `of_one_market` and `rules`.
std::vector<Cascade> CascadesOf(const std::vector<PriceObservation>& of_one_market, const std::vector<PriceRule>& rules,
                                const RegionTree& tree);

// The runs of days that a change on one of the `changed` days may reach: `seen` are all days on which something was
// seen in the market, and no cascade goes on over more than `follow_days` days without any. By day.
std::vector<DateRange> DaysReached(const std::set<Date>& seen, const std::set<Date>& changed, int32_t follow_days);

struct LossOf {
  std::string partner;
  Decimal units;
  Rational amount;  // in the market's currency
};
// Of each partner beside the first mover that cut in the cascade, by name. `sold` are sales of the product, in any
// order; those that do not count are passed over.
std::vector<LossOf> LossToOthers(const Cascade& cascade, const std::vector<PriceObservation>& of_one_market,
                                 const std::vector<SoldUnits>& sold, const RegionTree& tree);

// One finding for each cascade, named by the market, the first mover and its day.
std::vector<Conclusion> PriceWars(const std::vector<PriceObservation>& of_one_market,
                                  const std::vector<SoldUnits>& sold, const std::vector<PriceRule>& rules,
                                  const RegionTree& tree);

}  // namespace tributary::conflict
