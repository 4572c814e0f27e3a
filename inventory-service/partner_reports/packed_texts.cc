#include "inventory-service/partner_reports/packed_texts.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "common/text/text.h"

namespace tributary::inventory {

std::string PackTexts(const std::vector<std::string_view>& texts) {
  std::string packed;
  for (const std::string_view text : texts) StrAppend(&packed, text.size(), ":", text);
  return packed;
}

std::vector<std::string> UnpackTexts(std::string_view packed) {
  std::vector<std::string> texts;
  while (!packed.empty()) {
    size_t size = 0;
    const auto [end, error] = std::from_chars(packed.data(), packed.data() + packed.size(), size);
    const size_t head = end - packed.data() + 1;
    if (error != std::errc() || head > packed.size() || packed[head - 1] != ':' || size > packed.size() - head) {
      std::fprintf(stderr, "a column holds no packed texts: %s\n", Printable(packed).c_str());
      std::abort();
    }
    texts.emplace_back(packed.substr(head, size));
    packed.remove_prefix(head + size);
  }
  return texts;
}

}  // namespace tributary::inventory
