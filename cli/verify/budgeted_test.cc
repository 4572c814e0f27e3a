#include "cli/verify/budgeted.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

BudgetedLine Line(std::string date, int64_t weight) { return {std::move(date), {weight, 1}}; }

// 3,600 and 2,052 against 5,400: 3,439.49 and 1,960.51.
TEST(VerifyBudgetTest, AShareIsTheValueTimesTheFactorToTheUnit) {
  const auto factor = ParseDecimal("0.955414013");
  for (const auto& [asked, share] : {std::pair(360000, 343949), std::pair(205200, 196051)}) {
    const StatedBudget stated{.factor = factor, .share = share};
    EXPECT_THAT(WorkOutBudget(stated, asked, 0, {}).differences, IsEmpty());
    EXPECT_EQ(WorkOutBudget(stated, asked, 0, {}).value, share);
    // What was stated before stays, but no more of it than is owed.
    EXPECT_EQ(WorkOutBudget(stated, asked, share + 7, {}).value, share + 7);
    EXPECT_EQ(WorkOutBudget(stated, asked, asked + 7, {}).value, asked);
    for (const int off : {-2, 2}) {
      EXPECT_THAT(WorkOutBudget({.factor = factor, .share = share + off}, asked, 0, {}).differences, SizeIs(1));
    }
  }
  EXPECT_THAT(WorkOutBudget({.factor = ParseDecimal("1"), .share = 5}, 5, 0, {}).differences, IsEmpty());
  EXPECT_THAT(WorkOutBudget({.share = 5}, 5, 0, {}).differences, Not(IsEmpty()));
  EXPECT_THAT(WorkOutBudget({.factor = ParseDecimal("1.1"), .share = 5}, 5, 0, {}).differences, SizeIs(1));
  EXPECT_THAT(WorkOutBudget({.factor = factor, .used_up_on = "2026-01-01", .share = 343949}, 360000, 0, {}).differences,
              SizeIs(1));
  // A share is never more than the value.
  EXPECT_THAT(WorkOutBudget({.factor = ParseDecimal("1"), .share = 6}, 5, 0, {}).differences, SizeIs(1));
}

// A budget that is used up on a day pays the lines before it, and none behind it.
TEST(VerifyBudgetTest, AShareLiesBetweenWhatTheDaysBring) {
  const std::vector<BudgetedLine> lines = {Line("2026-01-01", 10), Line("2026-01-02", 10), Line("2026-01-02", 10),
                                           Line("2026-01-03", 30), Line("2026-01-04", -25)};
  // 350 of 35: up to each day 100, 300, 350, 350.
  const auto differs = [&](const char* day, int64_t share) {
    return !WorkOutBudget({.by_event = true, .used_up_on = day, .share = share}, 350, 0, lines).differences.empty();
  };
  EXPECT_FALSE(differs("", 350));
  EXPECT_TRUE(differs("", 349));
  EXPECT_FALSE(differs("2025-12-31", 0));
  EXPECT_TRUE(differs("2025-12-31", 1));
  EXPECT_FALSE(differs("2026-01-02", 100));
  EXPECT_FALSE(differs("2026-01-02", 300));
  EXPECT_TRUE(differs("2026-01-02", 99));
  EXPECT_TRUE(differs("2026-01-02", 301));
  EXPECT_FALSE(differs("2026-01-03", 340));
  EXPECT_FALSE(differs("2026-01-09", 350));
  EXPECT_TRUE(differs("2026-01-09", 349));
  // Of lines that come to nothing the value is of the last day.
  const std::vector<BudgetedLine> nothing = {Line("2026-01-01", 10), Line("2026-01-05", -10)};
  EXPECT_THAT(WorkOutBudget({.by_event = true, .used_up_on = "2026-01-05", .share = 3}, 9, 0, nothing).differences,
              IsEmpty());
  EXPECT_THAT(WorkOutBudget({.by_event = true, .used_up_on = "2026-01-02", .share = 3}, 9, 0, nothing).differences,
              SizeIs(1));
  EXPECT_THAT(WorkOutBudget({.by_event = true, .factor = Fraction{1, 1}, .share = 9}, 9, 0, nothing).differences,
              SizeIs(1));
}

}  // namespace
}  // namespace tributary::cli::verify
