#include "cli/verify/scale.h"

#include "cli/verify/testing_billionths.h"
#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

// Tiers of 10 % to 1,000, 25 % to 2,500, then nothing; amounts of 5 and 8.
ScaleTerms TermsOf(ScaleShape shape) {
  ScaleTerms terms;
  terms.shape = shape;
  if (shape == ScaleShape::kFlat) {
    terms.tiers = {{B("0"), B("0.03")}};
  } else if (shape == ScaleShape::kPerUnit) {
    terms.tiers = {{B("0"), 0, B("5")}, {B("1000"), 0, B("8")}};
  } else if (shape == ScaleShape::kTarget) {
    terms.tiers = {{B("1000"), 0, B("50")}, {B("2000"), B("0.1"), 0}};
  } else {
    terms.tiers = {{B("0"), B("0.1")}, {B("1000"), B("0.25")}, {B("2500"), 0}};
  }
  return terms;
}

TEST(VerifyScaleTest, WorksEveryShapeOut) {
  const struct {
    ScaleShape shape;
    bool upto;
    const char* reach;
    const char* base;
    const char* units;
    const char* value;
  } kCases[] = {
      {ScaleShape::kMarginal, false, "2000", "2000", "0", "350"},
      {ScaleShape::kRetroactive, false, "2000", "2000", "0", "500"},
      {ScaleShape::kRolling, false, "2000", "2000", "0", "600"},
      {ScaleShape::kTotal, false, "2000", "2000", "0", "700"},
      {ScaleShape::kRetroactive, true, "1000", "1000", "0", "100"},
      {ScaleShape::kRetroactive, false, "1000", "1000", "0", "250"},
      {ScaleShape::kRolling, true, "1000", "1000", "0", "100"},
      {ScaleShape::kMarginal, false, "2000", "1000", "0", "175"},
      {ScaleShape::kFlat, false, "72000", "68400", "0", "2052"},
      {ScaleShape::kFlat, false, "72000", "-1", "0", "0"},
      {ScaleShape::kPerUnit, false, "1000", "0", "40.5", "324"},
      {ScaleShape::kPerUnit, true, "1000", "0", "40.5", "405/2"},
      {ScaleShape::kPerUnit, false, "1000", "0", "-1", "0"},
      {ScaleShape::kTarget, false, "999.999999", "5", "0", "0"},
      {ScaleShape::kTarget, false, "1000", "0", "0", "50"},
      {ScaleShape::kTarget, false, "2000", "1000", "0", "100"},
      {ScaleShape::kMarginal, false, "0", "0", "0", "0"},
      {ScaleShape::kTotal, false, "-1", "-1", "0", "0"},
  };
  for (const auto& c : kCases) {
    ScaleTerms terms = TermsOf(c.shape);
    terms.upto = c.upto;
    EXPECT_EQ(Text(WorkOut(terms, {Whole(B(c.reach)), Whole(B(c.base)), Whole(B(c.units))}).value), c.value)
        << static_cast<int>(c.shape) << " on " << c.reach;
  }
}

TEST(VerifyScaleTest, AppliesLimits) {
  const struct {
    const char* floor;
    const char* cap;
    const char* reach;
    const char* value;  // of 3 %
  } kCases[] = {
      {"0", "100", "1000", "30"}, {"40", "100", "1000", "40"}, {"40", "100", "9000", "100"}, {"40", "100", "0", "0"}};
  for (const auto& c : kCases) {
    ScaleTerms terms = TermsOf(ScaleShape::kFlat);
    terms.floor = B(c.floor);
    terms.cap = B(c.cap);
    EXPECT_EQ(Text(WorkOut(terms, {Whole(B(c.reach)), Whole(B(c.reach)), {}}).value), c.value) << c.reach;
  }
}

TEST(VerifyScaleTest, Penalizes) {
  ScaleTerms flat = TermsOf(ScaleShape::kFlat);
  flat.max_penalty = B("100");
  EXPECT_EQ(Text(WorkOut(flat, {Whole(B("1000")), Whole(B("1000")), {}}).value), "-30");
  EXPECT_EQ(Text(WorkOut(flat, {Whole(B("9000")), Whole(B("9000")), {}}).value), "-100");
  ScaleTerms missed = TermsOf(ScaleShape::kTarget);
  missed.tiers = {{B("1000"), B("0.1"), 0}};
  missed.max_penalty = B("90");
  EXPECT_EQ(Text(WorkOut(missed, {Whole(B("1000")), {}, {}}).value), "0");
  EXPECT_EQ(Text(WorkOut(missed, {Whole(B("900")), {}, {}}).value), "-10");
  EXPECT_EQ(Text(WorkOut(missed, {Whole(B("0")), {}, {}}).value), "-90");
}

TEST(VerifyFractionTest, SharesAndRounds) {
  EXPECT_EQ(Shares(Integer(100), std::vector<Integer>{1, 1, 1}), (std::vector<Integer>{34, 33, 33}));
  EXPECT_EQ(Shares(Integer(-100), std::vector<Integer>{1, 1, 1}), (std::vector<Integer>{-34, -33, -33}));
  EXPECT_EQ(Shares(Integer(100), std::vector<Integer>{1, -1}), (std::vector<Integer>{0, 0}));
  EXPECT_EQ(Shares(Integer(10), std::vector<Fraction>{{1, 2}, {1, 3}, {1, 6}}), (std::vector<Integer>{5, 3, 2}));
  EXPECT_EQ(Floor({-1, 2}), -1);
  EXPECT_EQ(Floor({-4, 2}), -2);
  EXPECT_EQ(Floor({3, 2}), 1);
  EXPECT_EQ(Text(Over(Whole(B("1.5")), Whole(B("-4.5")))), "-1/3");
}

}  // namespace
}  // namespace tributary::cli::verify
