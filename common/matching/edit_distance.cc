#include "common/matching/edit_distance.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace tributary::matching {
namespace {

// Where each unit stands in the pattern, a bit a position.
class Positions {
 public:
  explicit Positions(std::u16string_view pattern) {
    for (size_t i = 0; i < pattern.size(); ++i) At(pattern[i]) |= uint64_t{1} << i;
  }
  uint64_t Of(char16_t c) const {
    size_t slot = c % kSlots;
    while (used_[slot] != 0 && keys_[slot] != c) slot = (slot + 1) % kSlots;
    return used_[slot];
  }

 private:
  static constexpr size_t kSlots = 128;  // at most half of them taken

  uint64_t& At(char16_t c) {
    size_t slot = c % kSlots;
    while (used_[slot] != 0 && keys_[slot] != c) slot = (slot + 1) % kSlots;
    keys_[slot] = c;
    return used_[slot];
  }

  std::array<uint64_t, kSlots> used_{};
  std::array<char16_t, kSlots> keys_;
};

size_t InWords(std::u16string_view pattern, std::u16string_view text, size_t limit) {
  const Positions positions(pattern);
  const uint64_t last = uint64_t{1} << (pattern.size() - 1);
  uint64_t positive = ~uint64_t{0}, negative = 0, diagonal = 0, before = 0;
  size_t distance = pattern.size();
  for (size_t i = 0; i < text.size(); ++i) {
    const uint64_t here = positions.Of(text[i]);
    const uint64_t swapped = ((~diagonal & here) << 1) & before;
    diagonal = (((here & positive) + positive) ^ positive) | here | negative | swapped;
    uint64_t up = negative | ~(diagonal | positive);
    uint64_t down = positive & diagonal;
    if ((up & last) != 0) ++distance;
    if ((down & last) != 0) --distance;
    if (distance > limit + (text.size() - i - 1)) return limit + 1;
    up = (up << 1) | 1;
    down <<= 1;
    positive = down | ~(diagonal | up);
    negative = up & diagonal;
    before = here;
  }
  return std::min(distance, limit + 1);
}

size_t InRows(std::u16string_view a, std::u16string_view b, size_t limit) {
  const size_t many = limit + 1;
  std::vector<size_t> two(b.size() + 1, many), one(b.size() + 1, many), row(b.size() + 1, many);
  for (size_t j = 0; j <= std::min(b.size(), limit); ++j) one[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::fill(row.begin(), row.end(), many);
    const size_t from = i > limit ? i - limit : 0, to = std::min(b.size(), i + limit);
    size_t least = many;
    for (size_t j = from; j <= to; ++j) {
      size_t best = one[j] + 1;
      if (j > 0) {
        best = std::min({best, row[j - 1] + 1, one[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, two[j - 2] + 1);
      }
      row[j] = std::min(best, many);
      least = std::min(least, row[j]);
    }
    if (least > limit) return many;
    std::swap(two, one);
    std::swap(one, row);
  }
  return std::min(one[b.size()], many);
}

}  // namespace

size_t EditDistance(std::u16string_view a, std::u16string_view b, size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  while (!a.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (b.size() - a.size() > limit) return limit + 1;
  if (a.empty()) return std::min(b.size(), limit + 1);
  return a.size() <= 64 ? InWords(a, b, limit) : InRows(a, b, limit);
}

bool WithinSlips(std::u16string_view a, std::u16string_view b, size_t slips) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > slips) return false;
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  a.remove_prefix(static_cast<size_t>(differ.first - a.begin()));
  b.remove_prefix(static_cast<size_t>(differ.second - b.begin()));
  if (a.empty() || b.empty()) return true;
  if (slips == 0) return false;
  const std::u16string_view after_a = a.substr(1), after_b = b.substr(1);
  if (WithinSlips(after_a, after_b, slips - 1) || WithinSlips(after_a, b, slips - 1) ||
      WithinSlips(a, after_b, slips - 1)) {
    return true;
  }
  return !after_a.empty() && !after_b.empty() && a.front() == after_b.front() && b.front() == after_a.front() &&
         WithinSlips(after_a.substr(1), after_b.substr(1), slips - 1);
}

}  // namespace tributary::matching
