#include <algorithm>

#include "common/text/text.h"
#include "conflict-service/rules/inputs.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

// So many grants are explained one by one.
constexpr size_t kMostExplained = 5;

// Why the grant does not cover the sale; empty where it does.
std::string WhyNot(const Grant& grant, const Sale& sale, const RegionTree& regions) {
  const ScopeBox& scope = grant.scope;
  if (!scope.regions.empty() && !regions.WithinAny(sale.region, scope.regions)) {
    return StrCat("covers ", DescribeRegions(scope));
  }
  if (!scope.time.Contains(sale.date)) return StrCat("holds ", Describe(scope.time));
  if (!scope.product_lines.empty() && std::find(scope.product_lines.begin(), scope.product_lines.end(),
                                                sale.product_line) == scope.product_lines.end()) {
    return StrCat("is for ", DescribeProductLines(scope));
  }
  return {};
}

}  // namespace

std::optional<Conclusion> OutOfTerritory(const Sale& sale, const std::vector<Grant>& grants,
                                         const RegionTree& regions) {
  // Where nobody told where the customer is, nothing says that it is elsewhere.
  if (!sale.Stands() || sale.region.empty()) return std::nullopt;
  std::vector<const Grant*> own;
  for (const Grant& grant : grants) {
    if (grant.active && grant.partner == sale.partner) own.push_back(&grant);
  }
  std::sort(own.begin(), own.end(), [](const Grant* a, const Grant* b) { return a->name < b->name; });
  std::vector<std::string> reasons;
  for (const Grant* grant : own) {
    std::string reason = WhyNot(*grant, sale, regions);
    if (reason.empty()) return std::nullopt;
    if (reasons.size() < kMostExplained) reasons.push_back(StrCat(grant->name, " ", reason));
  }
  Conclusion conclusion{.kind = FindingKind::kOutOfTerritory,
                        .rule_version = std::string(kRuleVersion),
                        .subjects = {sale.name},
                        .occurred_on = sale.date};
  AddInputs(sale, &conclusion.inputs);
  for (const Grant* grant : own) AddInputs(*grant, &conclusion.inputs);
  conclusion.explanation = StrCat("Sold on ", sale.date.ToString(), " in ", sale.region, ", ",
                                  sale.product_line.empty() ? "a product without a line" : sale.product_line, ". ");
  if (own.empty()) {
    StrAppend(&conclusion.explanation, sale.partner, " has no active grant.");
    return conclusion;
  }
  StrAppend(&conclusion.explanation, "None of the seller's active grants covers that: ", StrJoin(reasons, "; "));
  if (own.size() > reasons.size()) StrAppend(&conclusion.explanation, "; and ", own.size() - reasons.size(), " more");
  conclusion.explanation += '.';
  return conclusion;
}

}  // namespace tributary::conflict
