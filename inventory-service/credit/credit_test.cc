#include "inventory-service/credit/credit.h"

#include <gtest/gtest.h>

#include "common/money/testing_decimal.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

CreditLine Line(const char* id, const char* from, const char* to = nullptr, const char* currency = "CNY") {
  return {.partner = "acme",
          .id = id,
          .currency = currency,
          .limit = D("100000"),
          .payment_terms_days = 30,
          .valid = {Day(from), to == nullptr ? OpenEnd() : Day(to)}};
}

// The open invoice and the part of the order that is confirmed, of scenario S2.
Exposure OfS2() {
  return {.terms = {{ExposureKind::kOpenInvoice, "partners/p2/invoices/INV0", D("30000")},
                    {ExposureKind::kOpenOrder, "partners/p2/orders/o1", D("64800")}},
          .line = Line("main", "2026-01-01")};
}

TEST(CreditTest, TheLineInForceOnADay) {
  const std::vector<CreditLine> lines = {Line("old", "2025-01-01", "2026-01-01"), Line("new", "2026-01-01"),
                                         Line("usd", "2020-01-01", nullptr, "USD")};
  EXPECT_EQ(InForce(lines, "CNY", Day("2025-12-31"))->id, "old");
  EXPECT_EQ(InForce(lines, "CNY", Day("2026-01-01"))->id, "new");
  EXPECT_EQ(InForce(lines, "USD", Day("2026-01-01"))->id, "usd");
  EXPECT_FALSE(InForce(lines, "CNY", Day("2024-12-31")).has_value());
  EXPECT_FALSE(InForce(lines, "EUR", Day("2026-01-01")).has_value());
}

TEST(CreditTest, TheFiguresOfScenarioS2) {
  EXPECT_EQ(OfS2().total(), D("94800"));
  EXPECT_EQ(OfS2().available(), D("5200"));
  const CreditVerdict rest = CheckCredit(OfS2(), D("7200"));
  EXPECT_FALSE(rest.passed);
  EXPECT_EQ(rest.got, D("102000"));
  EXPECT_EQ(rest.limit, D("100000"));
  EXPECT_EQ(rest.short_by, D("2000"));
  Exposure paid = OfS2();
  paid.terms[0].amount = D("0");
  EXPECT_EQ(CheckCredit(paid, D("7200")).got, D("72000"));
  EXPECT_TRUE(CheckCredit(paid, D("7200")).passed);
}

TEST(CreditTest, WhatPassesAndWhatNot) {
  Exposure held = OfS2();
  held.line->on_hold = true;
  Exposure none = OfS2();
  none.line.reset();
  Exposure in_advance{.terms = {{ExposureKind::kUnallocatedPayment, "partners/p2/payments/P", D("-500")}}};
  const struct {
    const char* what;
    Exposure exposure;
    const char* more;
    bool passed;
    const char* short_by;
  } kCases[] = {
      {"up to the limit", OfS2(), "5200", true, "0"},
      {"beyond it", OfS2(), "5200.000001", false, "0.000001"},
      {"held", held, "1", false, "0"},
      {"held, but nothing more", held, "0", true, "0"},
      {"no line", none, "1", false, "94801"},
      {"no line, paid in advance", in_advance, "500", true, "0"},
      {"no line, paid too little", in_advance, "501", false, "1"},
  };
  for (const auto& c : kCases) {
    const CreditVerdict verdict = CheckCredit(c.exposure, D(c.more));
    EXPECT_EQ(verdict.passed, c.passed) << c.what;
    EXPECT_EQ(verdict.short_by, D(c.short_by)) << c.what;
    EXPECT_NE(verdict.why, "") << c.what;
  }
}

}  // namespace
}  // namespace tributary::inventory
