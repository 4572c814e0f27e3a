#include "cli/verify/mixed.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

Integer InBillionths(const char* text) { return *ParseBillionths(text); }

TEST(VerifyMixTest, PaysTheShareThatIsReached) {
  ScaleTerms terms;
  terms.shape = ScaleShape::kRetroactive;
  terms.tiers = {
      {0, 0, 0}, {InBillionths("0.3"), InBillionths("0.01"), 0}, {InBillionths("0.5"), InBillionths("0.02"), 0}};
  const struct {
    int set;
    int all;
    bool pays_all;
    Fraction value;
  } kCases[] = {{300, 1000, false, {3, 1}},   {300, 1000, true, {10, 1}},  {299, 1000, true, {0, 1}},
                {1, 3, false, {1, 100}},      {500, 1000, false, {10, 1}}, {0, 0, true, {0, 1}},
                {-500, -1000, false, {0, 1}}, {1200, 1000, false, {24, 1}}};
  for (const auto& c : kCases) {
    const Fraction set{c.set, 1}, all{c.all, 1};
    const ScaleValue worked = WorkOutMix(terms, set, all, c.pays_all, {0, 1});
    EXPECT_TRUE(Equal(worked.value, c.value)) << c.set << " of " << c.all << ": " << Text(worked.value);
    for (const ScalePart& part : worked.parts) EXPECT_TRUE(Equal(part.amount, c.pays_all ? all : set));
  }
}

}  // namespace
}  // namespace tributary::cli::verify
