#include "incentive-service/engine/clawback.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

TEST(ClawbackTest, WhatStaysIsTheMostThatWasStatedLessTheSmallerLimit) {
  const struct {
    const char* amount;  // nullptr: none
    const char* share;
    int64_t most;
    int64_t stays;
  } kCases[] = {
      {"10", nullptr, 9800, 8800},     {"98", nullptr, 9800, 0},   {"98.01", nullptr, 9800, 0},
      {"0", nullptr, 9800, 9800},      {nullptr, "0", 9800, 9800}, {nullptr, "1", 9800, 0},
      {nullptr, "0.25", 9800, 7350},   {"10", "0.25", 9800, 8800}, {"30", "0.25", 9800, 7350},
      {"10", nullptr, 0, 0},           {nullptr, "0.5", 0, 0},     {"1.005", nullptr, 9800, 9700},
      {nullptr, "0.3333", 9801, 6534},
  };
  for (const auto& one : kCases) {
    ClawbackCap cap;
    if (one.amount != nullptr) cap.amount = D(one.amount);
    if (one.share != nullptr) cap.share = D(one.share);
    EXPECT_THAT(StaysStated(cap, one.most, "CNY", Rounding::kHalfEven), IsOkAndHolds(one.stays))
        << (one.amount != nullptr ? one.amount : "-") << " " << (one.share != nullptr ? one.share : "-");
  }
}

// 98.00 less 1.005 is 96.995, and 98 yen less 0.5 are 97.5.
TEST(ClawbackTest, RoundsAsTheProgramDoes) {
  ClawbackCap cap{.amount = D("1.005")};
  EXPECT_THAT(StaysStated(cap, 9800, "CNY", Rounding::kDown), IsOkAndHolds(9699));
  EXPECT_THAT(StaysStated(cap, 9800, "CNY", Rounding::kHalfUp), IsOkAndHolds(9700));
  cap.amount = D("0.5");
  EXPECT_THAT(StaysStated(cap, 98, "JPY", Rounding::kHalfEven), IsOkAndHolds(98));
  EXPECT_THAT(StaysStated(cap, 98, "XXQ", Rounding::kHalfEven), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::incentive
