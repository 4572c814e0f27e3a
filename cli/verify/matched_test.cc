#include "cli/verify/matched.h"

#include "cli/verify/carried.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

UnitsSold Of(const char* quantity, const char* amount) {
  return {*ParseBillionths(quantity), *ParseBillionths(amount)};
}
MatchedLine Line(std::string fact, const char* quantity, const char* amount, std::string matched = "") {
  return {std::move(fact), "2026-01-10", "products/x", "USD", Of(quantity, amount), std::move(matched)};
}

TEST(MatchedTest, PricesAndParts) {
  EXPECT_TRUE(SamePrice(Of("3", "10"), Of("-6", "-20")));
  EXPECT_FALSE(SamePrice(Of("3", "10"), Of("-6", "-20.000001")));
  EXPECT_FALSE(SamePrice(Of("0", "0"), Of("-6", "-20")));
  // A third of 10, and what the cut leaves.
  EXPECT_TRUE(IsPartOf(Of("-1", "-3.333333"), Of("-3", "-10")));
  EXPECT_TRUE(IsPartOf(Of("-1", "-3.333334"), Of("-3", "-10")));
  EXPECT_FALSE(IsPartOf(Of("-1", "-3.333331"), Of("-3", "-10")));
  EXPECT_TRUE(IsPartOf(Of("-3", "-10"), Of("-3", "-10")));
  EXPECT_FALSE(IsPartOf(Of("-4", "-13.333333"), Of("-3", "-10")));
  EXPECT_FALSE(IsPartOf(Of("1", "3.333333"), Of("-3", "-10")));
}

TEST(MatchedTest, AMatchIsOfALineOfTheEntry) {
  const std::vector<MatchedLine> good = {Line("s1", "3", "10"),
                                         Line("s2", "2", "10"),
                                         Line("r1", "-1", "-3.333333", "s1"),
                                         Line("r2", "-2", "-6.666666", "s1"),
                                         Line("r2", "-1", "-5", "s2"),
                                         Line("r3", "-9", "-1")};
  EXPECT_THAT(VerifyMatches(good, true), IsEmpty());
  const auto spoiled = [&](auto spoil, bool net = true) {
    std::vector<MatchedLine> bad = good;
    spoil(bad);
    return VerifyMatches(bad, net);
  };
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].matched = "s3"; }), Contains(HasSubstr("no line here")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].matched = "r3"; }), Contains(HasSubstr("no line here")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].date = "2026-01-11"; }), Contains(HasSubstr("counts on 2026-01-10")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].product = "products/y"; }), Contains(HasSubstr("something else")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].sold = Of("-1", "-3.4"); }), Contains(HasSubstr("another price")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].sold = Of("-1", "-3.4"); }, false), IsEmpty());
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].sold = Of("-2", "-6.666666"); }),
              Contains(HasSubstr("more comes back")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].fact = "r2"; }), Contains(HasSubstr("twice")));
  EXPECT_THAT(spoiled([](auto& lines) { lines[2].sold = Of("1", "3.333333"); }), SizeIs(1));
}

TEST(CarriedSumsTest, IsWhatIsLeftBelowNothing) {
  const CarriedSums carried = WorkOutCarried({{-5, 3}, {10, -2}, {-1, -1}});
  EXPECT_EQ(carried.amount, -1);
  EXPECT_EQ(carried.quantity, -3);
  EXPECT_EQ(WorkOutCarried({}).amount, 0);
  EXPECT_EQ(WorkOutCarried({{-5, 0}, {9, 0}, {4, 0}}).amount, 0);
}

}  // namespace
}  // namespace tributary::cli::verify
