#include "partner-service/sales_facts/sales_fact.h"

#include <map>
#include <string_view>
#include <utility>

namespace tributary::partner {
namespace {

using ByName = std::map<std::pair<std::string_view, std::string_view>, const SalesFact*>;

const SalesFact* ReferredBy(const SalesFact& fact, const ByName& by_name) {
  const auto it = by_name.find({fact.partner_id, fact.refers});
  return it == by_name.end() ? nullptr : it->second;
}

// The fact by whose own dates it counts.
const SalesFact& Dating(const SalesFact& fact, const ByName& by_name) {
  const SalesFact* referred = ReferredBy(fact, by_name);
  if (referred == nullptr || fact.kind == SalesFactKind::kLine) return fact;
  if (fact.kind == SalesFactKind::kReturn) return referred->kind == SalesFactKind::kLine ? *referred : fact;
  // A reversal takes back a line or a return, never another reversal.
  return referred->kind == SalesFactKind::kReversal ? fact : Dating(*referred, by_name);
}

}  // namespace

std::vector<size_t> Place(std::vector<SalesFact>& facts) {
  ByName by_name;
  for (const SalesFact& fact : facts) by_name[{fact.partner_id, fact.fact}] = &fact;
  std::vector<size_t> changed;
  for (size_t i = 0; i < facts.size(); ++i) {
    const SalesFact& dating = Dating(facts[i], by_name);
    if (facts[i].counted_order_date == dating.order_date && facts[i].counted_move_date == dating.move_date) continue;
    facts[i].counted_order_date = dating.order_date;
    facts[i].counted_move_date = dating.move_date;
    changed.push_back(i);
  }
  return changed;
}

}  // namespace tributary::partner
