#include "common/matching/edit_distance.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

// The definition, cell by cell.
size_t Table(std::u16string_view a, std::u16string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistanceTest, IsThatOfTheTable) {
  std::mt19937 random(20260702);
  for (int i = 0; i < 20000; ++i) {
    const size_t longest = i % 10 == 0 ? 150 : 20;
    const auto text = [&] {
      std::u16string made(random() % longest, u' ');
      for (char16_t& c : made) c = static_cast<char16_t>(u'a' + random() % 3 + (random() % 8 == 0 ? 128 : 0));
      return made;
    };
    std::u16string a = text(), b = random() % 2 == 0 ? text() : a;
    for (size_t edits = random() % 4; edits > 0 && !b.empty(); --edits) b[random() % b.size()] = u'z';
    const size_t limit = random() % 12;
    const size_t distance = Table(a, b);
    EXPECT_EQ(EditDistance(a, b, limit), std::min(distance, limit + 1)) << i;
    EXPECT_EQ(EditDistance(b, a, limit), std::min(distance, limit + 1)) << i;
    const size_t slips = limit % 4;
    EXPECT_EQ(WithinSlips(a, b, slips), distance <= slips) << i;
    EXPECT_EQ(WithinSlips(b, a, slips), distance <= slips) << i;
  }
}

}  // namespace
}  // namespace tributary::matching
