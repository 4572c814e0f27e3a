#include "incentive-service/engine/days_to_pay.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

const std::vector<PaymentBand>& Bands() {
  static const auto& bands =
      *new std::vector<PaymentBand>{{0, 31, D("0.03")}, {31, 61, D("0.02")}, {61, 91, D("0.01")}};
  return bands;
}

TEST(DaysToPayTest, EachPartEarnsItsOwnBand) {
  const struct {
    const char* invoiced;
    const char* allocated;
    const char* amount;
    int days;
    const char* value;  // or why there is none
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
      {"03-01", "02-20", "100", 0, "3"},
      {"03-01", "04-30", "100", 60, "2"},
      {"03-01", "05-30", "100", 90, "1"},
      {"03-01", "05-31", "100", 91, "AFTER_LAST_BAND"},
      {"03-01", "03-02", "0.0001", 1, "3/1000000"},
  };
  for (const auto& c : kCases) {
    const PaymentEarnings earned =
        EarnedByDaysToPay(Bands(), {{"P", On(c.invoiced), On(c.allocated), D(c.amount), ""}});
    const PaidLine& line = earned.lines.front();
    EXPECT_EQ(line.days, c.days) << c.allocated;
    EXPECT_EQ(line.outcome == PaidOutcome::kEarns ? line.value.ToString() : std::string(NameOf(line.outcome)), c.value)
        << c.allocated;
    EXPECT_EQ(earned.value, line.value);
  }
}

TEST(DaysToPayTest, ABouncedPaymentTakesBackWhatItsPartsEarned) {
  std::vector<PaidPart> parts = {{"P1", On("03-01"), On("03-31"), D("6000"), ""},
                                 {"P2", On("03-01"), On("04-01"), D("4000"), ""}};
  EXPECT_EQ(EarnedByDaysToPay(Bands(), parts).value.ToString(), "260");
  // Long after the last band.
  parts.push_back({"B1", On("03-01"), On("09-01"), D("-6000"), "P1"});
  EXPECT_EQ(EarnedByDaysToPay(Bands(), parts).value.ToString(), "80");
  // Paid again, a year of months later: it earns nothing any more.
  parts.push_back({"P3", On("03-01"), On("09-02"), D("6000"), ""});
  const PaymentEarnings earned = EarnedByDaysToPay(Bands(), parts);
  EXPECT_EQ(earned.value.ToString(), "80");
  EXPECT_EQ(earned.lines[0].fact, "B1");
  EXPECT_EQ(earned.lines[0].days, 30);
  EXPECT_EQ(earned.lines[0].value.ToString(), "-180");
  EXPECT_EQ(NameOf(earned.lines[3].outcome), "AFTER_LAST_BAND");
  // What it takes back is not known yet.
  const PaymentEarnings early = EarnedByDaysToPay(Bands(), {{"B1", On("03-01"), On("03-02"), D("-6000"), "P1"}});
  EXPECT_EQ(NameOf(early.lines[0].outcome), "NOT_MATCHED");
  EXPECT_TRUE(early.value.zero());
}

TEST(DaysToPayTest, WhatIsWrongWithBandsIsNamed) {
  const struct {
    std::vector<PaymentBand> bands;
    std::vector<std::string> fields;
  } kCases[] = {
      {Bands(), {}},
      {{}, {"b"}},
      {{{1, 31, D("0.03")}}, {"b[0].from_day"}},
      {{{0, 31, D("0.03")}, {32, 61, D("0.02")}}, {"b[1].from_day"}},  // a gap: day 31
      {{{0, 31, D("0.03")}, {30, 61, D("0.02")}}, {"b[1].from_day"}},  // an overlap: day 30
      {{{0, 0, D("0.03")}}, {"b[0].to_day"}},
      {{{0, 31, D("1.01")}, {31, 61, D("-0.01")}}, {"b[0].rate", "b[1].rate"}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> fields;
    for (const FieldViolation& one : CheckPaymentBands(c.bands, "b")) fields.push_back(one.field);
    EXPECT_EQ(fields, c.fields);
  }
}

}  // namespace
}  // namespace tributary::incentive
