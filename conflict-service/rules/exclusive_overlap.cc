#include "common/text/text.h"
#include "conflict-service/rules/inputs.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

std::optional<Conclusion> ExclusiveOverlap(const Grant& a, const Grant& b, const RegionTree& regions) {
  if (b.name < a.name) return ExclusiveOverlap(b, a, regions);
  for (const Grant* grant : {&a, &b}) {
    if (!grant->active || grant->exclusivity != Grant::Exclusivity::kExclusive) return std::nullopt;
  }
  if (a.partner == b.partner) return std::nullopt;
  std::optional<ScopeBox> shared = Intersect(a.scope, b.scope, regions);
  if (!shared) return std::nullopt;
  Conclusion conclusion{
      FindingKind::kExclusiveOverlap, std::string(kRuleVersion), {a.name, b.name}, {}, std::move(shared)};
  conclusion.explanation = StrCat(a.name, " (", Describe(a.scope), ") and ", b.name, " (", Describe(b.scope),
                                  ") are both active and exclusive, belong to different partners and share: ",
                                  Describe(*conclusion.intersection), ".");
  for (const Grant* grant : {&a, &b}) AddInputs(*grant, &conclusion.inputs);
  return conclusion;
}

}  // namespace tributary::conflict
