#include "inventory-service/facts/in_list.h"

#include <algorithm>

namespace tributary::inventory {

std::string InList(const std::vector<std::string_view>& ids, mysql::Values* values) {
  size_t places = 1;
  while (places < ids.size()) places *= 4;
  std::string text = "(";
  for (size_t i = 0; i < places; ++i) {
    text += i == 0 ? "?" : ", ?";
    values->push_back(ids[std::min(i, ids.size() - 1)]);
  }
  return text + ")";
}

}  // namespace tributary::inventory
