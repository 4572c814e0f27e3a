#include "common/matching/customer_name.h"
#include "common/text/text.h"
#include "conflict-service/deals/same_customer.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

std::string Reading(const std::string& name) {
  const matching::NameKey key = matching::KeyOf(name);
  return StrCat("'", name, "'", key.folds.empty() ? "" : StrCat(" (", StrJoin(key.folds, ", "), ")"));
}

std::vector<std::string> Listed(const NameSet& set) { return set.all_but ? std::vector<std::string>() : set.names; }

// What it stands for: all that was asked for until it is decided, then what was granted. (A box of every name but some
// counts as one of every name.)
std::vector<ScopeBox> StandsFor(const Deal& deal) {
  if (deal.Claims()) return {deal.scope};
  std::vector<ScopeBox> scopes;
  for (const Box& box : deal.granted) {
    scopes.push_back({.regions = Listed(box.regions),
                      .product_lines = Listed(box.product_lines),
                      .routes = Listed(box.routes),
                      .time = box.time});
  }
  return scopes;
}

std::optional<ScopeBox> SharedBy(const Deal& a, const Deal& b, const RegionTree& regions) {
  for (const ScopeBox& of_a : StandsFor(a)) {
    for (const ScopeBox& of_b : StandsFor(b)) {
      if (std::optional<ScopeBox> shared = Intersect(of_a, of_b, regions)) return shared;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Conclusion> DuplicateDeal(const Deal& a, const Deal& b, const RegionTree& regions) {
  if (b.name < a.name) return DuplicateDeal(b, a, regions);
  if (!a.Blocks() || !b.Blocks() || a.partner == b.partner) return std::nullopt;
  // What is decided on both was decided so that they share nothing.
  if (!a.Claims() && !b.Claims()) return std::nullopt;
  const CustomerLikeness customer = CompareCustomers(a.customer_name, b.customer_name);
  if (!customer.same) return std::nullopt;
  std::optional<ScopeBox> shared = SharedBy(a, b, regions);
  if (!shared) return std::nullopt;
  Conclusion conclusion{
      FindingKind::kDuplicateDeal, std::string(kDealRuleVersion), {a.name, b.name}, {}, std::move(shared)};
  conclusion.explanation =
      StrCat(a.name, " names ", Reading(a.customer_name), " and ", b.name, " names ", Reading(b.customer_name), ": ",
             customer.why,
             ". Both are registered, by different partners, at least one waits for a decision, and they "
             "share: ",
             Describe(*conclusion.intersection), ".");
  return conclusion;
}

}  // namespace tributary::conflict
