#include "incentive-service/engine/kinds/payment_days.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> Blamed(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> blamed;
  for (const FieldViolation& violation : violations) blamed.push_back(violation.field);
  return blamed;
}

Date Day(std::string_view text) { return *Date::Parse(text); }
const std::vector<DaysBand>& Bands() {
  static const auto& bands = *new std::vector<DaysBand>{{31, D("0.03")}, {61, D("0.02")}, {91, D("0.01")}};
  return bands;
}

// 10,000 of March 1: 6,000 after 30 days, 4,000 after 31.
TEST(PaymentDaysTest, EachPartEarnsItsOwnBand) {
  const DaysValue value = ValueByDays(
      Bands(), {{Day("2026-03-01"), Day("2026-03-31"), D("6000")}, {Day("2026-03-01"), Day("2026-04-01"), D("4000")}});
  EXPECT_EQ(value.parts[0].value, R("180"));
  EXPECT_EQ(value.parts[1].value, R("80"));
  EXPECT_EQ(value.value, R("260"));
}

TEST(PaymentDaysTest, CountsDays) {
  const struct {
    const char* invoice;
    const char* paid;
    const char* amount;
    int days;
    const char* value;
  } kCases[] = {
      {"2026-02-20", "2026-04-22", "30000", 61, "300"}, {"2026-04-02", "2026-05-02", "40000", 30, "1200"},
      {"2026-04-02", "2026-05-03", "24800", 31, "496"}, {"2026-04-23", "2026-05-03", "7200", 10, "216"},
      {"2026-04-23", "2026-04-23", "100", 0, "3"},      {"2026-04-23", "2026-04-20", "100", -3, "3"},
      {"2026-01-01", "2026-04-01", "100", 90, "1"},     {"2026-01-01", "2026-04-02", "100", 91, "0"},
  };
  for (const auto& c : kCases) {
    const DaysValue value = ValueByDays(Bands(), {{Day(c.invoice), Day(c.paid), D(c.amount)}});
    EXPECT_EQ(value.parts[0].days, c.days);
    EXPECT_EQ(value.value.ToString(), c.value) << c.paid;
  }
}

TEST(PaymentDaysTest, ABouncedPaymentLeavesNothing) {
  const AllocatedPart part{Day("2026-03-01"), Day("2026-03-31"), D("6000")};
  AllocatedPart bounced = part;
  bounced.amount = -part.amount;
  EXPECT_EQ(ValueByDays(Bands(), {part, bounced}).value, Rational());
  EXPECT_EQ(ValueByDays(Bands(), {bounced}).value, Rational());
  EXPECT_EQ(ValueByDays(Bands(), {}).value, Rational());
}

TEST(PaymentDaysTest, RefusesBandsThatDoNotRise) {
  const struct {
    std::vector<DaysBand> bands;
    std::vector<std::string> blamed;
  } kCases[] = {
      {Bands(), {}},
      {{}, {"b"}},
      {{{0, D("0.1")}}, {"b[0].end_days"}},
      {{{31, D("0.1")}, {31, D("0.1")}}, {"b[1].end_days"}},
      {{{31, D("-0.1")}, {61, D("1.1")}}, {"b[0].rate", "b[1].rate"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Blamed(CheckBands(c.bands, "b")), c.blamed);
}

}  // namespace
}  // namespace tributary::incentive
