#include "common/matching/short_name.h"

#include <algorithm>
#include <array>

#include "common/matching/name_words.h"

namespace tributary::matching {
namespace {

// In thousandths of a character that is found.
constexpr int kFound = 1000;
constexpr int kAtWord = -40;    // it goes on at the start of a later word
constexpr int kInWord = -300;   // it goes on inside a word whose start it leaves out
constexpr int kMissing = -700;  // not found at all
constexpr int kMissingTrade = -350;
constexpr int kLeftOut = -90;  // of the long name, a character of its own name
constexpr int kLeftOutTrade = -18;
constexpr int kNever = -1'000'000;

struct Characters {
  std::array<bool, kMostUnits> starts{}, common{};

  explicit Characters(const NameView& name) {
    for (const NameWord& word : name.words) {
      starts[word.begin] = true;
      for (size_t i = word.begin; i < size_t{word.begin} + word.length; ++i) common[i] = word.weight < kOwnWeight;
    }
  }
};

}  // namespace

int ShortNameLikeness(const NameView& a, const NameView& b) {
  const bool a_first = a.text.size() != b.text.size() ? a.text.size() < b.text.size() : a.text <= b.text;
  const NameView& less = a_first ? a : b;
  const NameView& more = a_first ? b : a;
  const size_t n = less.text.size(), m = more.text.size();
  if (n == 0) return 0;
  const Characters of_less(less), of_more(more);
  // The best so far with the characters before (i, j) used up: `joined` where the last two stand for each other.
  std::array<int, kMostUnits + 1> joined_before, apart_before, joined, apart;
  for (size_t i = 0; i <= n; ++i) {
    for (size_t j = 0; j <= m; ++j) {
      joined[j] = apart[j] = kNever;
      if (i == 0 && j == 0) {
        joined[0] = 0;
        continue;
      }
      if (i > 0 && j > 0 && less.text[i - 1] == more.text[j - 1]) {
        const int jump = of_more.starts[j - 1] ? kAtWord : kInWord;
        joined[j] = kFound + std::max(joined_before[j - 1], apart_before[j - 1] + jump);
      }
      if (i > 0) {
        const int missing = of_less.common[i - 1] ? kMissingTrade : kMissing;
        apart[j] = std::max(joined_before[j], apart_before[j]) + missing;
      }
      if (j > 0) {
        const int left_out = of_more.common[j - 1] ? kLeftOutTrade : kLeftOut;
        apart[j] = std::max(apart[j], std::max(joined[j - 1], apart[j - 1]) + left_out);
      }
    }
    std::swap(joined, joined_before);
    std::swap(apart, apart_before);
  }
  const int best = std::max(joined_before[m], apart_before[m]);
  return std::clamp(best / static_cast<int>(n), 0, 1000);
}

}  // namespace tributary::matching
