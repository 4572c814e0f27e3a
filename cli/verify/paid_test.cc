#include "cli/verify/paid.h"

#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

Integer Billionth(const char* text) { return *ParseBillionths(text); }

TEST(VerifyPaidTest, EachPartEarnsItsOwnBand) {
  ScaleTerms terms;
  terms.tiers = {{0, Billionth("0.03"), 0},
                 {Billionth("31"), Billionth("0.02"), 0},
                 {Billionth("61"), Billionth("0.01"), 0},
                 {Billionth("91"), 0, 0}};
  const std::vector<PaidLine> lines = {
      {Billionth("30000"), 61}, {Billionth("40000"), 30}, {Billionth("24800"), 31}, {Billionth("7200"), 10}};
  const ScaleValue worked = WorkOutPaid(terms, lines);
  EXPECT_TRUE(Equal(worked.value, Fraction{2212, 1})) << Text(worked.value);
  ASSERT_EQ(worked.parts.size(), 3u);
  EXPECT_TRUE(Equal(worked.parts[0].amount, Fraction{47200, 1}));
  EXPECT_TRUE(Equal(WorkOutPaid(terms, {{Billionth("100"), 91}}).value, Fraction()));
  // A payment that bounced before what it takes back is known.
  EXPECT_TRUE(Equal(WorkOutPaid(terms, {{Billionth("-100"), 3}}).value, Fraction()));
  terms.cap = Billionth("2000");
  EXPECT_TRUE(Equal(WorkOutPaid(terms, lines).value, Fraction{2000, 1}));
  terms.upto = true;
  EXPECT_TRUE(Equal(RateOfDays(terms, 31), Fraction{3, 100}));
  EXPECT_TRUE(Equal(RateOfDays(terms, 32), Fraction{2, 100}));
}

}  // namespace
}  // namespace tributary::cli::verify
