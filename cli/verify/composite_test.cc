#include "cli/verify/composite.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

Fraction Of(int64_t whole) { return {whole, 1}; }

TEST(VerifyCompositeTest, WhatIsNotKnownMayBeAnything) {
  std::vector<ScorePart> parts = {{0, Unit() * 100000, 60, Of(120000)},
                                  {0, Unit() * 10, 20, Of(8)},
                                  {Unit() * 40, Unit() * 20, 10, Of(30)},
                                  {0, Unit() * 5, 10, std::nullopt}};
  const ScoreWork work = WorkOutScore(parts);
  EXPECT_TRUE(Equal(work.total.low, Of(81))) << Text(work.total.low);
  EXPECT_TRUE(Equal(work.total.high, Of(91))) << Text(work.total.high);
  EXPECT_TRUE(Equal(work.parts[2].low, Of(5)));
  EXPECT_TRUE(Equal(work.parts[3].high, Of(10)));
  parts[2].figure = Of(50);
  EXPECT_TRUE(Equal(WorkOutScore(parts).parts[2].high, Of(0)));
  parts[1].figure = Fraction{1, 3};
  EXPECT_TRUE(Equal(WorkOutScore(parts).parts[1].low, Fraction{2, 3}));
  parts[0].high = 0;
  EXPECT_TRUE(Equal(WorkOutScore(parts).parts[0].high, Of(0)));
}

}  // namespace
}  // namespace tributary::cli::verify
