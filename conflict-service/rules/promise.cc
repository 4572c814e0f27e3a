#include "conflict-service/rules/promise.h"

#include <algorithm>
#include <utility>

#include "common/text/text.h"
#include "conflict-service/deals/same_customer.h"
#include "conflict-service/rules/inputs.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

// Whether a set of a box has the element; an empty element is every one of them.
bool Has(const NameSet& set, const std::string& element) {
  const bool named = std::binary_search(set.names.begin(), set.names.end(), element);
  return element.empty() ? set == NameSet::All() : named != set.all_but;
}

bool Promises(const Box& box, const Sale& sale, const RegionTree& regions) {
  return box.time.Contains(sale.date) && Has(box.product_lines, sale.product_line) &&
         regions.WithinAny(sale.region, box.regions.names) != box.regions.all_but;
}

}  // namespace

bool MayBePromised(const Sale& sale) { return sale.Stands() && !sale.region.empty(); }

Conclusion BrokenPromise(FindingKind kind, const Sale& sale, const std::string& right, std::vector<std::string> routes,
                         std::string_view promise) {
  Conclusion conclusion{
      .kind = kind,
      .rule_version = std::string(kRuleVersion),
      .subjects = {sale.name, right},
      .intersection =
          ScopeBox{.regions = {sale.region}, .routes = std::move(routes), .time = {sale.date, sale.date.AddDays(1)}},
      .occurred_on = sale.date};
  if (!sale.product_line.empty()) conclusion.intersection->product_lines = {sale.product_line};
  conclusion.explanation = StrCat(sale.name, ": ", sale.partner.empty() ? "the vendor itself" : sale.partner,
                                  " sold on ", sale.date.ToString(), " in ", sale.region, ", ",
                                  sale.product_line.empty() ? "a product without a line" : sale.product_line,
                                  sale.customer.empty() ? "" : StrCat(", to '", sale.customer, "'"), ". ", promise);
  AddInputs(sale, &conclusion.inputs);
  std::sort(conclusion.subjects.begin(), conclusion.subjects.end());
  return conclusion;
}

std::optional<Conclusion> BrokenPromise(FindingKind kind, const Sale& sale, const Deal& deal,
                                        const RegionTree& regions) {
  if (!MayBePromised(sale) || !deal.Blocks()) return std::nullopt;
  const auto box = std::find_if(deal.granted.begin(), deal.granted.end(),
                                [&](const Box& granted) { return Promises(granted, sale, regions); });
  if (box == deal.granted.end()) return std::nullopt;
  const CustomerLikeness customer = CompareCustomers(sale.customer, deal.customer_name);
  if (!customer.same) return std::nullopt;
  Conclusion conclusion =
      BrokenPromise(kind, sale, deal.name, box->routes.all_but ? std::vector<std::string>() : box->routes.names,
                    StrCat(deal.name, " names '", deal.customer_name, "': ", customer.why, ". It is granted there ",
                           Describe(box->time), "."));
  AddInputs(deal, &conclusion.inputs);
  return conclusion;
}

}  // namespace tributary::conflict
