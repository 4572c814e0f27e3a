#include "conflict-service/remedies/price_action.h"

#include "conflict-service/rules/below_price.h"

namespace tributary::conflict {

FollowedUp FollowUpOf(const PriceAction& action, const PriceRule& rule,
                      const std::vector<PriceObservation>& observations, const RegionTree& tree) {
  const PriceObservation* first = nullptr;
  for (const PriceObservation& seen : observations) {
    if (seen.withdraw_time || seen.date < action.due_on || RuleFor(seen, {rule}, tree) == nullptr) continue;
    if (first == nullptr || Earlier(seen, *first)) first = &seen;
  }
  if (first == nullptr) return {};
  return {ShortfallOf(*first, rule) ? FollowUp::kBroken : FollowUp::kKept, first->name};
}

}  // namespace tributary::conflict
