#include "incentive-service/engine/shares.h"

#include <algorithm>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SharesTest, SumToTheTotal) {
  const struct {
    int64_t total;
    std::vector<Decimal> amounts;
    std::vector<int64_t> shares;
  } kCases[] = {
      {286851, {D("40000"), D("35617"), D("20000.005")}, {120000, 106851, 60000}},
      {100, {D("1"), D("1"), D("1")}, {34, 33, 33}},
      {101, {D("1"), D("1"), D("1")}, {34, 34, 33}},
      {1, {D("1"), D("5"), D("4")}, {0, 1, 0}},
      {2, {D("0.5"), D("0.5"), D("0.5"), D("0.5")}, {1, 1, 0, 0}},
      {99, {D("49.5")}, {99}},
      // A return in the period gives back its part.
      {7000, {D("100"), D("-30")}, {10000, -3000}},
      // Sums of 0 or less are worth 0.
      {0, {D("5"), D("-5")}, {0, 0}},
      {0, {D("5"), D("-7"), D("1")}, {0, 0, 0}},
      {0, {}, {}},
  };
  for (const auto& c : kCases) EXPECT_EQ(ShareOut(c.total, c.amounts), c.shares) << c.total;
}

TEST(SharesTest, LinesLieByDateThenDocumentThenLine) {
  std::vector<LineKey> keys = {
      {Day("2026-02-01"), "A", 1, "f5"}, {Day("2026-01-31"), "B", 10, "f4"}, {Day("2026-01-31"), "B", 9, "f3"},
      {Day("2026-01-31"), "A", 2, "f2"}, {Day("2026-01-31"), "A", 2, "f1"},
  };
  std::sort(keys.begin(), keys.end());
  std::vector<std::string> facts;
  for (const LineKey& key : keys) facts.push_back(key.fact);
  EXPECT_THAT(facts, ElementsAre("f1", "f2", "f3", "f4", "f5"));
}

}  // namespace
}  // namespace tributary::incentive
