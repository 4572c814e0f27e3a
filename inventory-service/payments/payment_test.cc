#include "inventory-service/payments/payment.h"

#include <gtest/gtest.h>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

Payment Paid() {
  Payment payment;
  payment.partner = "acme";
  payment.id = "BANK-1";
  payment.date = Date::FromDays(20545);
  payment.amount = {"CNY", D("100")};
  payment.remittance = {{"INV1", D("60")}};
  payment.unallocated = D("40");
  return payment;
}

BilledDocument Billed(const char* number, const char* gross, const char* currency = "CNY") {
  BilledDocument invoice;
  invoice.partner = "acme";
  invoice.document = number;
  invoice.head.currency = currency;
  invoice.gross_amount = D(gross);
  invoice.lines = 1;
  return invoice;
}

TEST(PaymentTest, NamesAtMostItsAmount) {
  EXPECT_OK(CheckStated(Paid()));
  Payment payment = Paid();
  payment.remittance.push_back({"INV2", D("40.000001")});
  EXPECT_THAT(CheckStated(payment), Blames("payment.remittance"));
  payment = Paid();
  payment.id = "BANK 1";
  EXPECT_THAT(CheckStated(payment), Blames("payment_id"));
}

TEST(PaymentTest, TheFirstDifference) {
  const struct {
    const char* field;
    void (*change)(Payment&);
  } kCases[] = {{"payment.payment_date", [](Payment& p) { p.date = Date::FromDays(1); }},
                {"payment.amount.currency_code", [](Payment& p) { p.amount.currency = "USD"; }},
                {"payment.amount", [](Payment& p) { p.amount.amount = D("99"); }},
                {"payment.remittance", [](Payment& p) { p.remittance[0].invoice = "INV2"; }}};
  EXPECT_FALSE(FirstDifference(Paid(), Paid()).has_value());
  for (const auto& c : kCases) {
    Payment stated = Paid();
    c.change(stated);
    const auto difference = FirstDifference(Paid(), stated);
    ASSERT_TRUE(difference.has_value()) << c.field;
    EXPECT_EQ(difference->field, c.field);
  }
}

TEST(PaymentTest, IsReversedOnce) {
  const auto reversal = Reverse(Paid(), "", Paid().date, kNow);
  ASSERT_OK(reversal);
  EXPECT_EQ(reversal->name(), "partners/acme/payments/BANK-1.r1");
  EXPECT_EQ(reversal->amount.amount, D("-100"));
  EXPECT_EQ(reversal->reverses, "BANK-1");
  EXPECT_EQ(Reverse(Paid(), "RT-7", Paid().date, kNow)->id, "RT-7");
  EXPECT_THAT(Reverse(*reversal, "", Paid().date, kNow), HasReason(Reason::kStateConflict));
  Payment bounced = Paid();
  bounced.reversed_by = "BANK-1.r1";
  EXPECT_THAT(Reverse(bounced, "", Paid().date, kNow), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Reverse(Paid(), "", Paid().date.AddDays(-1), kNow), Blames("reversal_date"));
  EXPECT_THAT(Reverse(Paid(), "a b", Paid().date, kNow), Blames("reversal_id"));
}

TEST(PaymentTest, WhatCanBeDecidedIsUnallocatedAndOpen) {
  Documents invoices;
  invoices.emplace(DocumentKey{"acme", "INV1"}, Billed("INV1", "30"));
  invoices.emplace(DocumentKey{"acme", "USD1"}, Billed("USD1", "30", "USD"));
  Payment bounced = Paid();
  bounced.reversed_by = "r";
  const struct {
    Payment payment;
    std::vector<NamedPart> parts;
    Reason reason;
  } kCases[] = {
      {bounced, {{"INV1", D("1")}}, Reason::kStateConflict},
      {Paid(), {{"USD1", D("1")}}, Reason::kCurrencyMismatch},
      {Paid(), {{"INV1", D("20")}, {"INV1", D("10.01")}}, Reason::kAllocationExceeds},
      {Paid(), {{"INV1", D("30")}, {"NEW", D("10.01")}}, Reason::kAllocationExceeds},
      {Paid(), {{"INV1", D("30")}, {"NEW", D("10")}}, Reason::kUnspecified},
  };
  for (const auto& c : kCases) {
    const auto decided = Decide(c.payment, c.parts, invoices, kNow);
    if (c.reason != Reason::kUnspecified) {
      EXPECT_THAT(decided, HasReason(c.reason));
      continue;
    }
    ASSERT_OK(decided);
    ASSERT_EQ(decided->decisions.size(), 2u);
    EXPECT_EQ(decided->decisions[1].cause, AllocationCause::kDecided);
    // Decisions come before what the payer said.
    EXPECT_EQ(SourceOf(*decided, nullptr).named.front().invoice, "INV1");
    EXPECT_EQ(SourceOf(*decided, nullptr).named.back().cause, AllocationCause::kRemitted);
  }
}

}  // namespace
}  // namespace tributary::inventory
