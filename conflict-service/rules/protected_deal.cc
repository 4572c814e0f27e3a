#include "conflict-service/rules/promise.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

std::optional<Conclusion> ProtectedDeal(const Sale& sale, const Deal& deal, const RegionTree& regions) {
  if (sale.partner == deal.partner) return std::nullopt;
  return BrokenPromise(FindingKind::kProtectedDeal, sale, deal, regions);
}

}  // namespace tributary::conflict
