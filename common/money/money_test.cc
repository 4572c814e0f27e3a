#include "common/money/money.h"

#include <limits>

#include "common/money/rational.h"
#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DecimalTest, ParsesAndPrintsShortest) {
  const struct {
    const char* text;
    const char* printed;
    int scale;
  } kCases[] = {
      {"0", "0", 0},
      {"-0", "0", 0},
      {"-0.000", "0", 0},
      {"1", "1", 0},
      {"+1", "1", 0},
      {"007", "7", 0},
      {"2024.994", "2024.994", 3},
      {"-3.10", "-3.1", 1},
      {".5", "0.5", 1},
      {"5.", "5", 0},
      {"0.000001", "0.000001", 6},
      {"-0.000001", "-0.000001", 6},
      {"1.00000000", "1", 0},
      {"100", "100", 0},
      {"0.100000000000", "0.1", 1},
      {"100000000000000000000", "100000000000000000000", 0},
      {"-100000000000000000000.000000", "-100000000000000000000", 0},
      {"99999999999999999999.999999", "99999999999999999999.999999", 6},
      {"00000000000000000000000000000001", "1", 0},
  };
  for (const auto& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const Decimal value, Decimal::Parse(c.text));
    EXPECT_EQ(value.ToString(), c.printed) << c.text;
    EXPECT_EQ(value.scale(), c.scale) << c.text;
  }
}

TEST(DecimalTest, RefusesWhatIsNoDecimal) {
  for (const char* text : {"",
                           " ",
                           ".",
                           "-",
                           "+",
                           "-.",
                           "1e3",
                           "1E3",
                           "1,000",
                           "1 000",
                           " 1",
                           "1 ",
                           "--1",
                           "+-1",
                           "1.2.3",
                           "0x10",
                           "NaN",
                           "inf",
                           "1.0000001",
                           "100000000000000000000.000001",
                           "-100000000000000000001",
                           "１２",
                           "12a",
                           "½",
                           "1\n",
                           "99999999999999999999999999999999999999999999999999999999999"}) {
    EXPECT_THAT(Decimal::Parse(text), HasReason(Reason::kInvalidField)) << text;
  }
  EXPECT_THAT(Decimal::Parse(std::string_view("1\0", 2)), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Decimal::Parse(std::string(1000000, '9')), HasReason(Reason::kInvalidField));
}

TEST(DecimalTest, ComparesAndAdds) {
  EXPECT_LT(D("-1"), D("-0.999999"));
  EXPECT_GT(D("10"), D("9.999999"));
  EXPECT_EQ(D("0.1") + D("0.2"), D("0.3"));
  EXPECT_EQ(D("0.1") - D("0.3"), D("-0.2"));
  EXPECT_EQ(-D("5"), D("-5"));
  Decimal sum;
  for (int i = 0; i < 1000; ++i) sum += D("0.001");
  EXPECT_EQ(sum, Decimal::FromInt(1));
  sum -= Decimal::FromInt(1);
  EXPECT_TRUE(sum.zero());
  EXPECT_TRUE(D("-0.000001").negative());
}

TEST(DecimalTest, ToFixedRounds) {
  const struct {
    const char* value;
    int decimals;
    const char *half_even, *half_up, *down, *up, *floor, *ceiling;
  } kCases[] = {
      {"1.005", 2, "1.00", "1.01", "1.00", "1.01", "1.00", "1.01"},
      {"1.015", 2, "1.02", "1.02", "1.01", "1.02", "1.01", "1.02"},
      {"-1.005", 2, "-1.00", "-1.01", "-1.00", "-1.01", "-1.01", "-1.00"},
      {"1.0051", 2, "1.01", "1.01", "1.00", "1.01", "1.00", "1.01"},
      {"0.5", 0, "0", "1", "0", "1", "0", "1"},
      {"-0.5", 0, "0", "-1", "0", "-1", "-1", "0"},
      {"2.5", 0, "2", "3", "2", "3", "2", "3"},
      {"0.004", 2, "0.00", "0.00", "0.00", "0.01", "0.00", "0.01"},
      {"999.999999", 2, "1000.00", "1000.00", "999.99", "1000.00", "999.99", "1000.00"},
      {"12.3", 6, "12.300000", "12.300000", "12.300000", "12.300000", "12.300000", "12.300000"},
      {"7", 0, "7", "7", "7", "7", "7", "7"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(D(c.value).ToFixed(c.decimals), c.half_even) << c.value;
    EXPECT_EQ(D(c.value).ToFixed(c.decimals, Rounding::kHalfUp), c.half_up) << c.value;
    EXPECT_EQ(D(c.value).ToFixed(c.decimals, Rounding::kDown), c.down) << c.value;
    EXPECT_EQ(D(c.value).ToFixed(c.decimals, Rounding::kUp), c.up) << c.value;
    EXPECT_EQ(D(c.value).ToFixed(c.decimals, Rounding::kFloor), c.floor) << c.value;
    EXPECT_EQ(D(c.value).ToFixed(c.decimals, Rounding::kCeiling), c.ceiling) << c.value;
  }
}

TEST(RationalTest, IsInLowestTerms) {
  EXPECT_EQ(Rational(6, 4).ToString(), "3/2");
  EXPECT_EQ(Rational(6, -4).ToString(), "-3/2");
  EXPECT_EQ(Rational(0, -7).ToString(), "0");
  EXPECT_EQ(Rational(D("0.02")).ToString(), "1/50");
  EXPECT_EQ(Rational::FromInt(-5).ToString(), "-5");
  EXPECT_TRUE(Rational().zero());
  EXPECT_DEATH(Rational(1, 0), "denominator");
  EXPECT_DEATH(Rational::FromInt(1) / Rational(), "denominator");
}

TEST(RationalTest, ParsesItsOwnPrint) {
  for (const char* text : {"0", "7", "-3", "1/50", "-22/7", "340282366920938463463374607431768211456/3"}) {
    ASSERT_OK_AND_ASSIGN(const Rational value, Rational::Parse(text));
    EXPECT_EQ(value.ToString(), text);
  }
  EXPECT_EQ(Rational::Parse("010/4")->ToString(), "5/2");  // decimal, not octal
  for (const char* text :
       {"", "/", "1/", "/2", "1/0", "1/00", "1/-2", "+1", "1.5", "1/2/3", "--1", "0x1", " 1", "1 "}) {
    EXPECT_THAT(Rational::Parse(text), HasReason(Reason::kInvalidField)) << text;
  }
  EXPECT_THAT(Rational::Parse(std::string(401, '1')), HasReason(Reason::kInvalidField));
}

TEST(RationalTest, Calculates) {
  const Rational third(1, 3);
  EXPECT_EQ((third + Rational(1, 6)).ToString(), "1/2");
  EXPECT_EQ((third - Rational(1, 2)).ToString(), "-1/6");
  EXPECT_EQ((third * Rational(3, 4)).ToString(), "1/4");
  EXPECT_EQ((third / Rational(-2, 3)).ToString(), "-1/2");
  EXPECT_EQ((third + third + third), Rational::FromInt(1));
  EXPECT_LT(Rational(-1, 2), Rational(-1, 3));
  EXPECT_GT(Rational(2, 3), Rational(3, 5));
  EXPECT_EQ(Rational(2, 4) <=> Rational(1, 2), std::strong_ordering::equal);
}

TEST(MoneyTest, KnowsTheCurrenciesInUse) {
  EXPECT_EQ(CurrencyExponent("JPY"), 0);
  EXPECT_EQ(CurrencyExponent("USD"), 2);
  EXPECT_EQ(CurrencyExponent("CNY"), 2);
  EXPECT_EQ(CurrencyExponent("KWD"), 3);
  EXPECT_EQ(CurrencyExponent("CLF"), 4);
  for (const char* first_and_last : {"AED", "ZWL", "BIF", "XPF", "BHD", "TND", "UYW"}) {
    EXPECT_TRUE(CurrencyExponent(first_and_last)) << first_and_last;
  }
  for (const char* unknown : {"", "usd", "US", "USDD", "XXX", "XAU", "RMB", "EU "}) {
    EXPECT_EQ(CurrencyExponent(unknown), std::nullopt) << unknown;
  }
}

TEST(MoneyTest, PointsAreWhole) {
  EXPECT_EQ(CurrencyExponent(kPoints), 0);
  EXPECT_EQ(*ToMinorUnits(Rational(D("12.5")), kPoints, Rounding::kHalfEven), 12);
  EXPECT_EQ(FormatMinorUnits(1200, kPoints), "1200");
  EXPECT_FALSE(Add({"CNY", D("1")}, {std::string(kPoints), D("1")}).ok());
}

TEST(MoneyTest, AddsOneCurrencyOnly) {
  const Money sum = *Add({"USD", D("0.1")}, {"USD", D("0.2")});
  EXPECT_EQ(sum, (Money{"USD", D("0.3")}));
  EXPECT_THAT(Add({"USD", D("1")}, {"EUR", D("1")}), HasReason(Reason::kCurrencyMismatch));
}

TEST(MoneyTest, MinorUnits) {
  EXPECT_THAT(ToMinorUnits(Rational(D("2868.505")), "USD", Rounding::kHalfEven), IsOkAndHolds(286850));
  EXPECT_THAT(ToMinorUnits(Rational(D("2868.505")), "USD", Rounding::kHalfUp), IsOkAndHolds(286851));
  EXPECT_THAT(ToMinorUnits(Rational(D("-2868.505")), "USD", Rounding::kHalfUp), IsOkAndHolds(-286851));
  EXPECT_THAT(ToMinorUnits(Rational(D("2868.505")), "JPY", Rounding::kHalfEven), IsOkAndHolds(2869));
  EXPECT_THAT(ToMinorUnits(Rational(1, 3), "KWD", Rounding::kCeiling), IsOkAndHolds(334));
  EXPECT_THAT(ToMinorUnits(Rational(1, 3), "XXX", Rounding::kDown), Blames("currency_code"));
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(ToMinorUnits(Rational::FromInt(kMost), "JPY", Rounding::kDown), IsOkAndHolds(kMost));
  EXPECT_THAT(ToMinorUnits(Rational::FromInt(-kMost - 1), "JPY", Rounding::kDown), IsOkAndHolds(-kMost - 1));
  EXPECT_THAT(ToMinorUnits(Rational::FromInt(kMost), "USD", Rounding::kDown), HasReason(Reason::kOverflow));
  EXPECT_THAT(ToMinorUnits(Rational::FromInt(kMost) + Rational::FromInt(1), "JPY", Rounding::kDown),
              HasReason(Reason::kOverflow));
  EXPECT_THAT(FromMinorUnits(286851, "USD"), IsOkAndHolds(D("2868.51")));
  EXPECT_THAT(FromMinorUnits(286851, "JPY"), IsOkAndHolds(D("286851")));
  EXPECT_THAT(FromMinorUnits(1, "usd"), Blames("currency_code"));
  EXPECT_EQ(FormatMinorUnits(286851, "USD"), "2868.51");
  EXPECT_EQ(FormatMinorUnits(-5, "USD"), "-0.05");
  EXPECT_EQ(FormatMinorUnits(132834298, "USD"), "1328342.98");
  EXPECT_EQ(FormatMinorUnits(7, "JPY"), "7");
  EXPECT_EQ(FormatMinorUnits(7, "KWD"), "0.007");
  EXPECT_EQ(FormatMinorUnits(-kMost - 1, "USD"), "-92233720368547758.08");
}

TEST(AllocationTest, GivesTheRestToTheLargestRemainders) {
  const std::vector<Decimal> thirds = {D("1"), D("1"), D("1")};
  EXPECT_THAT(AllocateLargestRemainder(100, thirds), ElementsAre(34, 33, 33));
  EXPECT_THAT(AllocateLargestRemainder(-100, thirds), ElementsAre(-34, -33, -33));
  EXPECT_THAT(AllocateLargestRemainder(101, thirds), ElementsAre(34, 34, 33));
  EXPECT_THAT(AllocateLargestRemainder(10, {D("1"), D("2"), D("3")}), ElementsAre(2, 3, 5));  // 1.67, 3.33, 5
  EXPECT_THAT(AllocateLargestRemainder(0, thirds), ElementsAre(0, 0, 0));
  EXPECT_THAT(AllocateLargestRemainder(7, {D("0"), D("5")}), ElementsAre(0, 7));
  EXPECT_THAT(AllocateLargestRemainder(7, {D("5")}), ElementsAre(7));
}

TEST(AllocationTest, TakesWeightsOfBothSigns) {
  // A sale of 300 and a return of 100 share 10: 15 and -5.
  EXPECT_THAT(AllocateLargestRemainder(10, {D("300"), D("-100")}), ElementsAre(15, -5));
  EXPECT_THAT(AllocateLargestRemainder(10, {D("-300"), D("100")}), ElementsAre(15, -5));
}

TEST(AllocationTest, WithoutProportionAllGoesToTheFirst) {
  EXPECT_THAT(AllocateLargestRemainder(10, {D("0"), D("0")}), ElementsAre(10, 0));
  EXPECT_THAT(AllocateLargestRemainder(10, {D("5"), D("-5")}), ElementsAre(10, 0));
  EXPECT_THAT(AllocateLargestRemainder(10, std::vector<Decimal>{}), IsEmpty());
  // Parts that no int64 holds.
  EXPECT_THAT(AllocateLargestRemainder(1000000000000000, {D("100000000000"), D("-99999999999.999999")}),
              ElementsAre(1000000000000000, 0));
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(AllocateLargestRemainder(kMost, {D("1")}), ElementsAre(kMost));
  EXPECT_THAT(AllocateLargestRemainder(-kMost - 1, {D("1")}), ElementsAre(-kMost - 1));
}

}  // namespace
}  // namespace tributary
