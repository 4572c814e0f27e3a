#include <algorithm>

#include "common/text/text.h"
#include "conflict-service/rules/inputs.h"
#include "conflict-service/rules/promise.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

std::optional<Conclusion> DirectVsPartner(const Sale& sale, const Grant& grant, const RegionTree& regions) {
  const ScopeBox& scope = grant.scope;
  if (!MayBePromised(sale) || !grant.active || grant.exclusivity != Grant::Exclusivity::kExclusive) return std::nullopt;
  if (!scope.segments.empty() || !scope.routes.empty() || !scope.time.Contains(sale.date)) return std::nullopt;
  const auto& lines = scope.product_lines;
  if (!lines.empty() && std::find(lines.begin(), lines.end(), sale.product_line) == lines.end()) return std::nullopt;
  if (!scope.regions.empty() && !regions.WithinAny(sale.region, scope.regions)) return std::nullopt;
  Conclusion conclusion = BrokenPromise(FindingKind::kDirectVsPartner, sale, grant.name, {},
                                        StrCat(grant.name, " is active and exclusive: ", DescribeRegions(scope), "; ",
                                               DescribeProductLines(scope), "; ", Describe(scope.time), "."));
  AddInputs(grant, &conclusion.inputs);
  return conclusion;
}

std::optional<Conclusion> DirectVsPartner(const Sale& sale, const Deal& deal, const RegionTree& regions) {
  return BrokenPromise(FindingKind::kDirectVsPartner, sale, deal, regions);
}

}  // namespace tributary::conflict
