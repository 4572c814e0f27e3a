#include "common/matching/sale_key.h"

#include "common/matching/customer_name.h"
#include "common/text/text.h"

namespace tributary::matching {

std::string UnitKey(std::string_view product, std::string_view serial) {
  return StrCat("unit ", product, " serial ", serial);
}

std::string InvoiceKey(std::string_view document, std::string_view quantity, std::string_view product,
                       std::string_view day, std::string_view customer) {
  const std::string name = KeyOf(customer).key;
  if (name.empty()) return "";
  return StrCat("invoice ", document, ": ", quantity, " of ", product, " on ", day, " to '", name, "'");
}

}  // namespace tributary::matching
