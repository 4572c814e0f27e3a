#include "cli/verify/goods.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

Integer Units(int64_t whole) { return Unit() * whole; }

TEST(VerifyGoodsTest, TwoForEveryHundredPaid) {
  GoodsTerms terms{Units(100), Units(2), true, false};
  const std::vector<GoodsLine> lines = {{"a", Units(90), 1, 1},
                                        {"b", Units(2), 0, 1},
                                        {"c", Units(10), 1, 1},
                                        {"d", Units(60), 1, 2},
                                        {"e", Units(-10), -1, 2}};
  const GoodsWork by_order = WorkOutGoods(terms, lines);
  EXPECT_TRUE(by_order.differences.empty());
  EXPECT_EQ(by_order.paid, Units(150));
  EXPECT_EQ(by_order.due, Units(2));
  EXPECT_EQ(by_order.given, Units(2));
  terms.inclusive = true;
  EXPECT_EQ(WorkOutGoods(terms, lines).paid, Units(152));
  EXPECT_EQ(WorkOutGoods(terms, lines).due, Units(2));
  // A number that skips one.
  EXPECT_EQ(WorkOutGoods(terms, {{"a", Units(100), 1, 2}}).differences.size(), 1u);
  terms.by_order = false;
  EXPECT_EQ(WorkOutGoods(terms, lines).differences.size(), 5u);
  EXPECT_EQ(WorkOutGoods(terms, {{"a", Units(-500), -1, 0}}).due, 0);
  EXPECT_EQ(WorkOutGoods({}, lines).differences.size(), 6u);
}

}  // namespace
}  // namespace tributary::cli::verify
