#include "cli/verify/clawed.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 98.00 were stated.
TEST(ClawedTest, TheSmallerLimitHolds) {
  const auto work = [](const char* amount, const char* share, int64_t worth,
                       RoundingRule rule = RoundingRule::kHalfEven) {
    ClawbackLimit limit;
    if (amount != nullptr) limit.amount = ParseBillionths(amount);
    if (share != nullptr) limit.share = ParseBillionths(share);
    const ClawbackWork worked = WorkOutClawback(limit, 9800, worth, rule, 100);
    return worked.stays.str() + " " + worked.waived.str();
  };
  EXPECT_EQ(work("10", nullptr, 0), "8800 8800");
  EXPECT_EQ(work("10", nullptr, 8799), "8800 1");
  EXPECT_EQ(work("10", nullptr, 8800), "8800 0");
  EXPECT_EQ(work("10", nullptr, 12000), "8800 0");
  EXPECT_EQ(work(nullptr, "0.25", 0), "7350 7350");
  EXPECT_EQ(work("10", "0.25", 0), "8800 8800");
  EXPECT_EQ(work("30", "0.25", 0), "7350 7350");
  EXPECT_EQ(work("0", nullptr, 0), "9800 9800");
  EXPECT_EQ(work("98.01", nullptr, 0), "0 0");
  EXPECT_EQ(work(nullptr, "1", 0), "0 0");
  // 96.995: rounded as the value is.
  EXPECT_EQ(work("1.005", nullptr, 0), "9700 9700");
  EXPECT_EQ(work("1.005", nullptr, 0, RoundingRule::kDown), "9699 9699");
}

TEST(ClawedTest, WhatWasStatedIsWhatTheEntriesBeforeSay) {
  ClawedChain chain;
  const auto take = [&](bool earned, int64_t value, std::optional<Integer> most = {}, int64_t waived = 0,
                        int64_t before = 0) {
    return chain.Take({.program = "programs/g",
                       .period = "2026",
                       .earned = earned,
                       .value = value,
                       .most = std::move(most),
                       .waived = waived,
                       .waived_before = before});
  };
  // Paid by quarters: what was more while the year was open is not stated of a closed period.
  EXPECT_THAT(take(true, 120), IsEmpty());
  EXPECT_THAT(take(true, 100), IsEmpty());
  EXPECT_THAT(take(false, 90, 100, 40, 0), IsEmpty());
  EXPECT_THAT(take(false, 130, 100, 0, 40), IsEmpty());
  EXPECT_THAT(take(false, 120, 130, 20, 0), IsEmpty());
  EXPECT_THAT(take(false, 120, 120, 20, 19),
              ElementsAre("clawback.most_stated: stated 120, the entries before say 130",
                          "clawback.waived_before: stated 19, the entries before say 20"));
  // Others' periods are others.
  EXPECT_THAT(chain.Take({.program = "programs/h", .period = "2026", .most = 0}), IsEmpty());
  EXPECT_THAT(chain.Take({.program = "programs/g", .period = "2027", .most = 1}), SizeIs(1));
}

}  // namespace
}  // namespace tributary::cli::verify
