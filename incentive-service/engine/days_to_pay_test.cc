#include "incentive-service/engine/days_to_pay.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

// 3 % within 30 days, 2 % within 60, 1 % within 90.
Terms Bands() {
  Terms terms;
  terms.scale.tiers = {{D("0"), D("0.03")}, {D("31"), D("0.02")}, {D("61"), D("0.01")}, {D("91"), D("0")}};
  terms.scale.measure = Measure::kDaysToPay;
  terms.currency = "CNY";
  return terms;
}

int DaysBetween(const char* invoiced, const char* allocated) { return On(allocated).days() - On(invoiced).days(); }

TEST(DaysToPayTest, EachPartEarnsItsOwnBand) {
  const struct {
    const char* invoiced;
    const char* allocated;
    const char* amount;
    int days;
    const char* value;
  } kCases[] = {
      // An invoice of 10,000, paid in two parts.
      {"03-01", "03-31", "6000", 30, "180"},
      {"03-01", "04-01", "4000", 31, "80"},
      // S2 of the scenarios: together 2,212.00.
      {"02-20", "04-22", "30000", 61, "300"},
      {"04-02", "05-02", "40000", 30, "1200"},
      {"04-02", "05-03", "24800", 31, "496"},
      {"04-23", "05-03", "7200", 10, "216"},
      // The edges.
      {"03-01", "03-01", "100", 0, "3"},
      {"03-01", "04-30", "100", 60, "2"},
      {"03-01", "05-30", "100", 90, "1"},
      {"03-01", "05-31", "100", 91, "0"},
      {"03-01", "03-02", "0.0001", 1, "3/1000000"},
  };
  PaidByDays scenario;
  for (const auto& c : kCases) {
    const int days = DaysBetween(c.invoiced, c.allocated);
    EXPECT_EQ(days, c.days) << c.allocated;
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, EvaluateDaysToPay(Bands(), {{days, D(c.amount)}}));
    EXPECT_EQ(valuation.exact.ToString(), c.value) << c.allocated;
    if (&c >= &kCases[2] && &c < &kCases[6]) AddPaid({{days, D(c.amount)}}, 1, &scenario);
  }
  ASSERT_OK_AND_ASSIGN(const Valuation valuation, EvaluateDaysToPay(Bands(), scenario));
  EXPECT_EQ(valuation.minor, 221200);
  ASSERT_EQ(valuation.parts.size(), 3u);
  EXPECT_EQ(valuation.parts[0].amount.ToString(), "47200");
  EXPECT_EQ(valuation.parts[1].amount.ToString(), "24800");
  EXPECT_EQ(valuation.parts[2].amount.ToString(), "30000");
}

TEST(DaysToPayTest, ABouncedPaymentTakesBackWhatItsPartsEarned) {
  PaidByDays paid = {{30, D("6000")}, {31, D("4000")}};
  EXPECT_EQ(EvaluateDaysToPay(Bands(), paid)->exact.ToString(), "260");
  // Long after the last band, with the days of the part that it takes back.
  AddPaid({{30, D("-6000")}}, 1, &paid);
  EXPECT_EQ(EvaluateDaysToPay(Bands(), paid)->exact.ToString(), "80");
  // Paid again, too late.
  AddPaid({{185, D("6000")}}, 1, &paid);
  EXPECT_EQ(EvaluateDaysToPay(Bands(), paid)->exact.ToString(), "80");
  // Taken back before what it takes back is known.
  EXPECT_TRUE(EvaluateDaysToPay(Bands(), {{30, D("-6000")}})->exact.zero());
}

TEST(DaysToPayTest, PartsAreASetAndABounceLeavesNoTrace) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::vector<std::pair<int, Decimal>> told;
    PaidByDays lasting, paid;
    for (int64_t i = draw.Pick(1, 12); i > 0; --i) {
      const int days = static_cast<int>(draw.Pick(0, 120));
      const Decimal amount = Decimal::FromMicros(draw.Pick(1, 900000000));
      told.emplace_back(days, amount);
      if (draw.Pick(0, 2) == 0) {
        told.emplace_back(days, -amount);
      } else {
        AddPaid({{days, amount}}, 1, &lasting);
      }
    }
    draw.Shuffle(&told);
    for (const auto& [days, amount] : told) AddPaid({{days, amount}}, 1, &paid);
    ASSERT_EQ(paid, lasting);
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, EvaluateDaysToPay(Bands(), paid));
    // As each part by itself.
    Rational sum;
    for (const auto& [days, amount] : paid) sum = sum + Rational(amount) * Rational(RateOfDays(Bands(), days));
    ASSERT_EQ(valuation.exact, sum);
  }
}

TEST(DaysToPayTest, ACapHoldsAndWhatIsWrongWithBandsIsNamed) {
  Terms terms = Bands();
  terms.cap = D("100");
  ASSERT_OK_AND_ASSIGN(const Valuation capped, EvaluateDaysToPay(terms, {{10, D("6000")}}));
  EXPECT_EQ(capped.exact.ToString(), "100");
  EXPECT_EQ(capped.limit, Limit::kCap);
  const auto fields = [](const Terms& of) {
    std::vector<std::string> names;
    for (const FieldViolation& one : CheckTermsValue(of, "t")) names.push_back(one.field);
    return names;
  };
  EXPECT_THAT(fields(terms), ::testing::IsEmpty());
  terms.scale.tiers[1].from = D("30.5");
  terms.scale.shape = Shape::kRetroactive;
  terms.cap.reset();
  terms.floor = D("5");
  EXPECT_THAT(fields(terms), ::testing::ElementsAre("t.scale.tiers[1].from_amount", "t.scale.shape", "t.floor"));
}

}  // namespace
}  // namespace tributary::incentive
