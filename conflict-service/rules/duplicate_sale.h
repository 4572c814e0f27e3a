#pragma once

// DUPLICATE_SALE: two partners report the sale of one unit, or of one line of an invoice, so that both would be paid
// for it.

#include <string>
#include <string_view>
#include <vector>

#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// What tells a sale's units from all others (common/matching/sale_key.h).
struct KeyedSale {
  std::string key;
  Sale sale;
};

// Of the serials of the sale, and of its document; a return has none of its document, a reversal none at all.
std::vector<std::string> KeysOf(const Sale& sale, const std::string& product, const std::vector<std::string>& serials,
                                const std::string& document, const std::string& quantity);

// The line that a sale states: "partners/a/sales/I-7.1" of itself and of "partners/a/sales/I-7.1.2", by which it was
// stated again; "partners/a/sales/A.B.1" of "partners/a/sales/A.B.1.0", whose document has dots. Names of sales are as
// inventory-service writes them.
std::string LineOf(std::string_view sale);

// One finding for each pair of partners that have sold what the key tells, and did not take it back: more sales of it
// than returns. Its subjects are the first such sale of each, by day and name; it is named by their lines, so that it
// stays the same one when a line is corrected. `of_one_key` in any order.
std::vector<Conclusion> DuplicateSales(const std::vector<KeyedSale>& of_one_key);

}  // namespace tributary::conflict
