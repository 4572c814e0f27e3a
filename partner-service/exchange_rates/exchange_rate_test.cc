#include "partner-service/exchange_rates/exchange_rate.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

ExchangeRate Rate(const char* text, const char* date = "2026-01-15") {
  ExchangeRate rate = *Stated({"average", "USD", "CNY"}, Day(date), text);
  rate.revision = Revision::First(kNow);
  return rate;
}

TEST(ExchangeRateTest, IsRoundedHalfEvenToTwelveDecimals) {
  const struct {
    const char* text;
    const char* rate;
  } kCases[] = {
      {"7.1234", "7.1234"},
      {"007.10", "7.1"},
      {"1", "1"},
      {"1.0", "1"},
      {"0.000999080845622028", "0.000999080846"},
      {"0.999800039992002", "0.999800039992"},
      {"1.52392563242914", "1.523925632429"},
      {"1.0000000000005", "1"},               // half: to the even
      {"1.0000000000015", "1.000000000002"},  // half: to the even
      {"1.00000000000050000001", "1.000000000001"},
      {"0.000000000001", "0.000000000001"},
      {"0.0000000000006", "0.000000000001"},
      {"999999999999.999999999999", "999999999999.999999999999"},
      {"08.9", "8.9"},
  };
  for (const auto& c : kCases) {
    const auto rate = RoundRate(c.text);
    ASSERT_OK(rate) << c.text;
    EXPECT_EQ(*rate, c.rate) << c.text;
    EXPECT_EQ(*RoundRate(*rate), *rate);
    EXPECT_EQ(RateOf(*rate).RoundScaled(12, Rounding::kHalfEven), RateOf(c.text).RoundScaled(12, Rounding::kHalfEven));
  }
  for (const char* text : {"", "-1", "+1", "1e3", "1,5", ".5", "5.", "1.2.3", "NaN", " 1", "0", "0.0",
                           "0.0000000000005", "1000000000000", "999999999999.9999999999999", "0x10", "１",
                           "1.00000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_THAT(RoundRate(text), HasReason(Reason::kInvalidField)) << text;
  }
}

TEST(ExchangeRateTest, IsNamedByWhatItStates) {
  EXPECT_EQ(Rate("7.1234").name(), "exchangeRates/average.USD.CNY.2026-01-15");
  EXPECT_EQ(Rate("7.12340").source_text, "7.12340");
  EXPECT_THAT(Stated({"average", "USD", "USD"}, Day("2026-01-15"), "1"), Blames("to_currency"));
  EXPECT_THAT(Stated({"average", "USD", "CNY"}, Day("2026-01-15"), "seven"), Blames("source_text"));
}

TEST(ExchangeRateTest, OneRateADayHoldsUntilItIsWithdrawn) {
  const ExchangeRate stored = Rate("7.1234");
  EXPECT_EQ(*Arrive(std::nullopt, stored), RateArrival::kNew);
  EXPECT_EQ(*Arrive(stored, Rate("7.12340")), RateArrival::kAgain);
  EXPECT_THAT(Arrive(stored, Rate("7.1235")), AllOf(HasReason(Reason::kRowConflict), Blames("source_text")));
  const auto withdrawn = Withdraw(stored, kNow);
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state, ExchangeRateState::kWithdrawn);
  EXPECT_EQ(withdrawn->revision.version, 2);
  EXPECT_THAT(Withdraw(*withdrawn, kNow), HasReason(Reason::kStateConflict));
  EXPECT_EQ(*Arrive(*withdrawn, Rate("7.1234")), RateArrival::kReplacing);
  EXPECT_EQ(*Arrive(*withdrawn, Rate("7.1235")), RateArrival::kReplacing);
}

TEST(ExchangeRateTest, AMissingOneIsSaid) {
  const RatePair pair{"average", "USD", "CNY"};
  EXPECT_EQ(ExplainMissing(pair, Day("2026-01-15"), 0, {}),
            "there is no rate of type average from USD to CNY on 2026-01-15; none is known before");
  RateNeighbors neighbors{.latest = Rate("7", "2026-01-04"),
                          .inverse = Stated({"average", "CNY", "USD"}, Day("2026-01-14"), "0.14").value()};
  EXPECT_THAT(
      ExplainMissing(pair, Day("2026-01-15"), 10, neighbors),
      AllOf(HasSubstr("or in the 10 days before"), HasSubstr("the latest before is of 2026-01-04, 11 days before"),
            HasSubstr("from CNY to USD of 2026-01-14, and a rate is never inverted")));
}

// Summing per currency and rate before multiplying makes that splitting a line changes nothing.
TEST(ExchangeRateTest, ConvertsExactly) {
  const Rational rate = RateOf(Rate("7.1234").rate);
  EXPECT_EQ((Rational(*Decimal::Parse("5000")) * rate).ToString(), "35617");
  EXPECT_EQ(Rational(*Decimal::Parse("1666.67")) * rate + Rational(*Decimal::Parse("3333.33")) * rate,
            Rational::FromInt(35617));
}

}  // namespace
}  // namespace tributary::partner
