#include "common/matching/customer_name.h"
#include "common/text/text.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

std::string Reading(const Deal& deal, const matching::NameKey& key) {
  return StrCat("'", deal.customer_name, "'", key.folds.empty() ? "" : StrCat(" (", StrJoin(key.folds, ", "), ")"));
}

}  // namespace

std::optional<Conclusion> DuplicateDeal(const Deal& a, const Deal& b, const RegionTree& regions) {
  if (b.name < a.name) return DuplicateDeal(b, a, regions);
  if (!a.Blocks() || !b.Blocks() || a.partner == b.partner) return std::nullopt;
  const matching::NameKey key_a = matching::KeyOf(a.customer_name);
  const matching::NameKey key_b = matching::KeyOf(b.customer_name);
  if (key_a.key.empty() || key_a.key != key_b.key) return std::nullopt;
  std::optional<ScopeBox> shared = Intersect(a.scope, b.scope, regions);
  if (!shared) return std::nullopt;
  Conclusion conclusion{
      FindingKind::kDuplicateDeal, std::string(kRuleVersion), {a.name, b.name}, {}, std::move(shared)};
  conclusion.explanation =
      StrCat(a.name, " names ", Reading(a, key_a), " and ", b.name, " names ", Reading(b, key_b), ": both compare as '",
             key_a.key, "' (", matching::kNameMatchingVersion,
             "). Both are submitted, by different partners, and share: ", Describe(*conclusion.intersection), ".");
  return conclusion;
}

}  // namespace tributary::conflict
