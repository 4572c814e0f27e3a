#include "cli/verify/margin.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

Integer Nines(const char* text) { return *ParseBillionths(text); }

// From 100 on 10 %.
ScaleTerms FromAHundred(const char* from = "100") {
  ScaleTerms terms;
  terms.shape = ScaleShape::kRetroactive;
  terms.tiers = {{0, 0, 0}, {Nines(from), Nines("0.1"), 0}};
  return terms;
}

// 375 of 1,000, and -75 of 300 that came back; nothing is known of the last.
std::vector<MarginLine> Sold() {
  return {{Nines("1000"), Nines("10"), Nines("62.5")},
          {Nines("-300"), Nines("-3"), Nines("75")},
          {Nines("500"), Nines("1"), {}}};
}

TEST(VerifyMarginTest, NetLessWhatUnitsCost) {
  const struct {
    MarginTerms terms;
    const char* from;
    Fraction value;
  } kCases[] = {{{false, false}, "100", {30, 1}}, {{false, true}, "100", {70, 1}},
                {{false, false}, "301", {0, 1}},  {{true, false}, "0.42", {30, 1}},  // 3/7
                {{true, true}, "0.42", {70, 1}},  {{true, true}, "0.43", {0, 1}}};
  for (const auto& c : kCases) {
    const MarginWork work = WorkOutMargin(FromAHundred(c.from), c.terms, Sold());
    EXPECT_EQ(Text(work.net) + " - " + Text(work.cost) + " = " + Text(work.margin), "700 - 400 = 300");
    EXPECT_EQ(work.share, "3/7");
    EXPECT_EQ(work.uncosted, 1);
    EXPECT_TRUE(Equal(work.value.value, c.value)) << c.from << ": " << Text(work.value.value);
    ASSERT_EQ(work.weights.size(), 3U);
    EXPECT_TRUE(Equal(work.weights[1], c.terms.pays_net ? Fraction{-300, 1} : Fraction{-75, 1}));
    EXPECT_TRUE(Equal(work.weights[2], {0, 1}));
  }
}

TEST(VerifyMarginTest, NothingIsMetWithoutANetAmount) {
  const MarginWork work = WorkOutMargin(FromAHundred(), {}, {{Nines("-300"), Nines("-3"), Nines("200")}});
  EXPECT_EQ(Text(work.margin), "300");
  EXPECT_EQ(work.share, "");
  EXPECT_TRUE(Equal(work.value.value, {0, 1}));
}

}  // namespace
}  // namespace tributary::cli::verify
