#pragma once

// BELOW_PRICE: a price was seen below the floor, or advertised below the minimum advertised price (MAP), of its day; or
// a partner reports a sale for less than the floor of its day for each unit.

#include <optional>
#include <string>
#include <vector>

#include "common/scopes/region_tree.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

// The one rule by which a price is judged, of those of its product and currency that hold on its day and in its region:
// the one that names the nearest region, then the one that began last, then the first by name. `tree` knows the regions
// of the observation and of the rules. Null where none holds.
const PriceRule* RuleFor(const PriceObservation& observation, const std::vector<PriceRule>& rules,
                         const RegionTree& tree);

// The highest of the prices that a rule wants of the observation and that it is below, exceptions considered.
struct Shortfall {
  PriceDepth depth;
  std::string least;  // for people: "the floor of 85 CNY (instead of 90, promotion SUMMER, from ... until before ...)"
};
std::optional<Shortfall> ShortfallOf(const PriceObservation& observation, const PriceRule& rule);

// Of the band that begins last at or below the depth; LOW below the first.
Severity SeverityOf(const PriceRule& rule, int32_t basis_points);

// One finding for the offer: the deepest of its observations, then the earliest, tells. `of_one_offer` (prices/price.h)
// in any order; withdrawn ones are not looked at.
std::optional<Conclusion> BelowPrice(const std::vector<PriceObservation>& of_one_offer,
                                     const std::vector<PriceRule>& rules, const RegionTree& tree);

// One finding for the reported sale (PriceObservation::sold_units), named by it. Of the exceptions of its day the
// lowest counts, whichever promotion it is for; a rule with tax judges none.
std::optional<Conclusion> BelowFloor(const PriceObservation& sale, const std::vector<PriceRule>& rules,
                                     const RegionTree& tree);

}  // namespace tributary::conflict
