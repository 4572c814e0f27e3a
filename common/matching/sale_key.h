#pragma once

// What tells the units of a sale that a partner reports from all others: two sales with one key are of the same goods.
// Keys are words for people, too.

#include <string>
#include <string_view>

namespace tributary::matching {

// "unit products/x serial s1".
std::string UnitKey(std::string_view product, std::string_view serial);

// "invoice I-7: 2 of products/x on 2026-06-10 to 'harbor'". Numbers of documents are each partner's own, so what is
// sold tells a line of one, too, the customer as KeyOf compares names. Empty where no customer is named.
std::string InvoiceKey(std::string_view document, std::string_view quantity, std::string_view product,
                       std::string_view day, std::string_view customer);

}  // namespace tributary::matching
