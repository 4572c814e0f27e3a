#include "conflict-service/rules/overclaimed_lot.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {

std::string LotTotals::name() const { return StrCat(product, "/lots/", lot); }

std::optional<Conclusion> OverclaimedLot(const LotTotals& lot) {
  if (lot.shipped <= Decimal()) return std::nullopt;
  std::vector<std::pair<std::string, Decimal>> sellers;
  Decimal sold;
  for (const auto& [partner, units] : lot.sold) {
    if (units <= Decimal()) continue;
    sellers.emplace_back(partner, units);
    sold += units;
  }
  if (sellers.size() < 2 || sold <= lot.shipped) return std::nullopt;
  const Decimal excess = sold - lot.shipped;
  Conclusion conclusion{.kind = FindingKind::kDuplicateSale,
                        .rule_version = std::string(kRuleVersion),
                        .subjects = {lot.name()},
                        .key = {lot.name()},
                        .occurred_on = lot.last};
  conclusion.explanation = StrCat("Of ", lot.product, ", lot '", lot.lot, "', ", lot.shipped.ToString(),
                                  " units were shipped to the channel and ", sold.ToString(), " are reported sold, ",
                                  excess.ToString(), " too many:");
  const auto add = [&](const std::string& source, std::string field, const Decimal& units) {
    conclusion.inputs.push_back({source, std::move(field), units.ToString(), ""});
  };
  add(lot.name(), "shipped", lot.shipped);
  add(lot.name(), "excess", excess);
  for (const auto& [partner, units] : sellers) {
    StrAppend(&conclusion.explanation, partner == sellers.front().first ? " " : ", ", partner, " ", units.ToString());
    conclusion.subjects.push_back(partner);
    conclusion.parties.push_back({.partner = partner, .product = lot.product, .lot = lot.lot, .units = units});
    add(partner, "sold", units);
  }
  conclusion.explanation += '.';
  std::sort(conclusion.subjects.begin(), conclusion.subjects.end());
  return conclusion;
}

}  // namespace tributary::conflict
