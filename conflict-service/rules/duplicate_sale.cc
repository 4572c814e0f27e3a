#include "conflict-service/rules/duplicate_sale.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/matching/sale_key.h"
#include "common/text/text.h"
#include "conflict-service/rules/inputs.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

// What one partner says of a key.
struct Told {
  int sales = 0;
  int returns = 0;
  const Sale* first = nullptr;
};

bool Earlier(const Sale& a, const Sale& b) { return std::pair(a.date, a.name) < std::pair(b.date, b.name); }

}  // namespace

std::vector<std::string> KeysOf(const Sale& sale, const std::string& product, const std::vector<std::string>& serials,
                                const std::string& document, const std::string& quantity) {
  std::vector<std::string> keys;
  if (!sale.reverses.empty()) return keys;
  for (const std::string& serial : serials) keys.push_back(matching::UnitKey(product, serial));
  if (sale.is_return) return keys;
  std::string invoice = matching::InvoiceKey(document, quantity, product, sale.date.ToString(), sale.customer);
  if (!invoice.empty()) keys.push_back(std::move(invoice));
  return keys;
}

std::string LineOf(std::string_view sale) {
  const std::string_view segment = sale.substr(sale.rfind('/') + 1);
  const size_t last = segment.rfind('.');
  // "document.line", and where there is more the last part counts the statements of the line.
  if (segment.find('.') != last) sale.remove_suffix(segment.size() - last);
  return std::string(sale);
}

std::vector<Conclusion> DuplicateSales(const std::vector<KeyedSale>& of_one_key) {
  std::map<std::string, Told> partners;
  for (const KeyedSale& keyed : of_one_key) {
    const Sale& sale = keyed.sale;
    if (sale.reversed || !sale.reverses.empty()) continue;
    Told& told = partners[sale.partner];
    ++(sale.is_return ? told.returns : told.sales);
    if (sale.is_return) continue;
    if (told.first == nullptr || Earlier(sale, *told.first)) told.first = &sale;
  }
  std::erase_if(partners, [](const auto& partner) { return partner.second.sales <= partner.second.returns; });
  std::vector<Conclusion> conclusions;
  for (auto a = partners.begin(); a != partners.end(); ++a) {
    for (auto b = std::next(a); b != partners.end(); ++b) {
      const Sale& one = *a->second.first;
      const Sale& other = *b->second.first;
      conclusions.push_back(
          {.kind = FindingKind::kDuplicateSale,
           .rule_version = std::string(kRuleVersion),
           .subjects = {one.name, other.name},
           .explanation = StrCat(one.name, " (", one.date.ToString(), ") and ", other.name, " (", other.date.ToString(),
                                 ") are sales of the same ", of_one_key.front().key, ", by different partners."),
           .key = {LineOf(one.name), LineOf(other.name)},
           .occurred_on = std::max(one.date, other.date)});
      Conclusion& concluded = conclusions.back();
      std::sort(concluded.subjects.begin(), concluded.subjects.end());
      std::sort(concluded.key.begin(), concluded.key.end());
      // The key of an invoice names the customer, too.
      for (const Sale* sale : {&one, &other}) {
        AddInputs(*sale, &concluded.inputs);
        concluded.inputs.push_back({sale->name, "sold", of_one_key.front().key, sale->customer});
      }
    }
  }
  return conclusions;
}

}  // namespace tributary::conflict
