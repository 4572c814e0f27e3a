#include "cli/verify/counted.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

TEST(VerifyCountTest, CountsNumbersThatHaveUnitsLeft) {
  const struct {
    bool by_product;
    std::vector<CountedLine> lines;
    int count;
    size_t differences;
  } kCases[] = {
      {false, {}, 0, 0},
      {false, {{"a", "x", 2, 1}, {"b", "x", 1, 2}, {"c", "x", -1, 2}}, 1, 0},
      {false, {{"a", "x", 2, 1}, {"b", "x", 1, 0}}, 1, 0},  // of b nothing is known
      {false, {{"a", "x", 2, 1}, {"b", "x", 1, 3}}, 2, 1},  // 2 was left out
      {false, {{"a", "x", 2, 2}, {"b", "x", 1, 1}}, 1, 1},  // they begin at 1
      {true, {{"a", "x", 2, 1}, {"b", "y", 1, 2}}, 2, 0},
      {true, {{"a", "x", 2, 1}, {"b", "x", 1, 2}}, 1, 1},  // one product, two numbers
      {true, {{"a", "x", 2, 1}, {"b", "y", 1, 1}}, 2, 1},  // one number, two products
      {true, {{"a", "x", 2, 1}, {"b", "y", 1, 0}}, 2, 1},
  };
  for (const auto& c : kCases) {
    const CountWork work = WorkOutCount(c.by_product, c.lines);
    EXPECT_TRUE(Equal(work.count, Fraction{c.count, 1})) << Text(work.count);
    EXPECT_EQ(work.differences.size(), c.differences);
  }
}

}  // namespace
}  // namespace tributary::cli::verify
