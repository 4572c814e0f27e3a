#include "common/matching/customer_name.h"
#include "common/text/text.h"
#include "conflict-service/deals/same_customer.h"
#include "conflict-service/rules/inputs.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

std::string Reading(const std::string& name) {
  const matching::NameKey key = matching::KeyOf(name);
  return StrCat("'", name, "'", key.folds.empty() ? "" : StrCat(" (", StrJoin(key.folds, ", "), ")"));
}

std::vector<std::string> Listed(const NameSet& set) { return set.all_but ? std::vector<std::string>() : set.names; }

NameSet SetOf(const std::vector<std::string>& codes) { return codes.empty() ? NameSet::All() : NameSet::Of(codes); }

// A part of what a registration stands for. The scope is for regions, time and people: of product lines and routes it
// says "every" where the sets say "every one but some".
struct Part {
  ScopeBox scope;
  NameSet product_lines, routes;
};

// All that was asked for until it is decided, then what was granted.
std::vector<Part> StandsFor(const Deal& deal) {
  if (deal.Claims()) return {{deal.scope, SetOf(deal.scope.product_lines), SetOf(deal.scope.routes)}};
  std::vector<Part> parts;
  for (const Box& box : deal.granted) {
    parts.push_back({{.regions = Listed(box.regions),
                      .product_lines = Listed(box.product_lines),
                      .routes = Listed(box.routes),
                      .time = box.time},
                     box.product_lines,
                     box.routes});
  }
  return parts;
}

std::optional<ScopeBox> SharedBy(const Deal& a, const Deal& b, const RegionTree& regions) {
  for (const Part& of_a : StandsFor(a)) {
    for (const Part& of_b : StandsFor(b)) {
      if (Intersect(of_a.product_lines, of_b.product_lines).empty()) continue;
      if (Intersect(of_a.routes, of_b.routes).empty()) continue;
      if (std::optional<ScopeBox> shared = Intersect(of_a.scope, of_b.scope, regions)) return shared;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Conclusion> DuplicateDeal(const Deal& a, const Deal& b, const RegionTree& regions) {
  if (b.name < a.name) return DuplicateDeal(b, a, regions);
  if (!a.Blocks() || !b.Blocks() || a.partner == b.partner) return std::nullopt;
  const bool decided = !a.Claims() && !b.Claims();
  // What is decided on both was decided so that they share nothing, unless nobody knew then that both are one
  // customer's.
  if (decided && a.customers.empty()) return std::nullopt;
  const CustomerLikeness customer = CompareCustomersOf(a, b);
  if (!customer.same || (decided && !customer.tied)) return std::nullopt;
  std::optional<ScopeBox> shared = SharedBy(a, b, regions);
  if (!shared) return std::nullopt;
  Conclusion conclusion{
      FindingKind::kDuplicateDeal, std::string(kDealRuleVersion), {a.name, b.name}, {}, std::move(shared)};
  conclusion.explanation =
      StrCat(a.name, " names ", Reading(a.customer_name), " and ", b.name, " names ", Reading(b.customer_name), ": ",
             customer.why, ". Both are registered, by different partners, ",
             decided ? "both are decided" : "at least one waits for a decision",
             ", and they share: ", Describe(*conclusion.intersection), ".");
  for (const Deal* deal : {&a, &b}) AddInputs(*deal, &conclusion.inputs);
  return conclusion;
}

}  // namespace tributary::conflict
