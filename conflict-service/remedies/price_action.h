#pragma once

// What becomes of a PRICE_ACTION: a pure function of the prices that were seen, in whatever order they came.

#include <string>
#include <vector>

#include "common/scopes/region_tree.h"
#include "conflict-service/prices/price.h"
#include "conflict-service/remedies/remedy.h"

namespace tributary::conflict {

struct FollowedUp {
  FollowUp follow_up = FollowUp::kPending;
  std::string observation;  // that decided it
  friend bool operator==(const FollowedUp&, const FollowedUp&) = default;
};

// By the first of the partner's prices since the action is due for which the rule holds. `observations` are the
// partner's of the rule's product, in any order; withdrawn ones are not looked at. `tree` knows their regions and the
// rule's.
FollowedUp FollowUpOf(const PriceAction& action, const PriceRule& rule,
                      const std::vector<PriceObservation>& observations, const RegionTree& tree);

}  // namespace tributary::conflict
