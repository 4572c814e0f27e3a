#include "common/text/text.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

std::optional<AllowedOverlap> OverlapOfHelper(const Grant& helper, const Grant& exclusive, const RegionTree& regions) {
  if (!helper.active || helper.exclusivity != Grant::Exclusivity::kHelper) return std::nullopt;
  if (!exclusive.active || exclusive.exclusivity != Grant::Exclusivity::kExclusive) return std::nullopt;
  if (helper.partner == exclusive.partner) return std::nullopt;
  std::optional<ScopeBox> shared = Intersect(helper.scope, exclusive.scope, regions);
  if (!shared) return std::nullopt;
  return AllowedOverlap{helper.name, exclusive.name, *shared,
                        StrCat(helper.partner, " helps by ", helper.name, " (", Describe(helper.scope), ") where ",
                               exclusive.partner, " alone sells by ", exclusive.name, " (", Describe(exclusive.scope),
                               "). They share: ", Describe(*shared), ".")};
}

}  // namespace tributary::conflict
