#include "inventory-service/products/gtin.h"

#include <cstddef>

namespace tributary::inventory {

bool IsGtin(std::string_view text) {
  if (text.size() != 8 && text.size() != 12 && text.size() != 13 && text.size() != 14) return false;
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    const bool tripled = (text.size() - 1 - i) % 2 == 1;
    sum += (text[i] - '0') * (tripled ? 3 : 1);
  }
  return sum % 10 == 0;
}

}  // namespace tributary::inventory
