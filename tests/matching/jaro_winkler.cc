#include "tests/matching/jaro_winkler.h"

#include <algorithm>
#include <string>
#include <vector>

namespace tributary::matching_quality {

double JaroWinkler(std::u16string_view a, std::u16string_view b) {
  if (a.empty() || b.empty()) return a.size() == b.size() ? 1 : 0;
  const size_t window = std::max<size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
  std::vector<bool> used(b.size());
  std::u16string matched;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t from = i > window ? i - window : 0, to = std::min(b.size(), i + window + 1);
    for (size_t j = from; j < to; ++j) {
      if (used[j] || a[i] != b[j]) continue;
      used[j] = true;
      matched += a[i];
      break;
    }
  }
  if (matched.empty()) return 0;
  size_t swapped = 0, at = 0;
  for (size_t j = 0; j < b.size(); ++j) {
    if (used[j]) swapped += matched[at++] == b[j] ? 0 : 1;
  }
  const auto m = static_cast<double>(matched.size());
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - static_cast<double>(swapped / 2)) / m) /
                      3;
  size_t prefix = 0;
  while (prefix < std::min({a.size(), b.size(), size_t{4}}) && a[prefix] == b[prefix]) ++prefix;
  return jaro + 0.1 * static_cast<double>(prefix) * (1 - jaro);
}

}  // namespace tributary::matching_quality
