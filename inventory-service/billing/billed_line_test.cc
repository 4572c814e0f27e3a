#include "inventory-service/billing/billed_line.h"

#include <gtest/gtest.h>

#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

BilledLine Line(int number = 1) {
  BilledLine line;
  line.partner = "acme";
  line.document = "INV1";
  line.line = number;
  line.product = "bike";
  line.quantity = Decimal::FromInt(90);
  line.head = {Date::FromDays(20545), Date::FromDays(20575), "CNY", "24312000000012345678", ""};
  line.net_amount = Decimal::FromInt(64800);
  line.tax_amount = Decimal::FromInt(8424);
  line.gross_amount = Decimal::FromInt(73224);
  return line;
}

TEST(BilledLineTest, TheFirstDifference) {
  const struct {
    const char* field;
    void (*change)(BilledLine&);
  } kCases[] = {{"invoice_date", [](BilledLine& l) { l.head.date = Date::FromDays(1); }},
                {"due_date", [](BilledLine& l) { l.head.due_date = Date::FromDays(1); }},
                {"gross_amount.currency_code", [](BilledLine& l) { l.head.currency = "USD"; }},
                {"tax_document_number", [](BilledLine& l) { l.head.tax_document_number = ""; }},
                {"original_invoice", [](BilledLine& l) { l.head.original_invoice = "INV0"; }},
                {"product", [](BilledLine& l) { l.product = "pump"; }},
                {"quantity", [](BilledLine& l) { l.quantity = Decimal(); }},
                {"net_amount", [](BilledLine& l) { l.net_amount = Decimal(); }},
                {"tax_amount", [](BilledLine& l) { l.tax_amount = Decimal(); }},
                {"gross_amount", [](BilledLine& l) { l.gross_amount = Decimal(); }}};
  EXPECT_FALSE(FirstDifference(BilledKind::kInvoice, Line(), Line()).has_value());
  for (const auto& c : kCases) {
    BilledLine stated = Line();
    c.change(stated);
    const auto difference = FirstDifference(BilledKind::kInvoice, Line(), stated);
    ASSERT_TRUE(difference.has_value()) << c.field;
    EXPECT_EQ(difference->field, c.field);
  }
  BilledLine later = Line();
  later.head.date = Date::FromDays(1);
  EXPECT_EQ(FirstDifference(BilledKind::kCreditNote, Line(), later)->field, "credit_date");
}

TEST(BilledLineTest, ADocumentIsTheSumOfItsLinesAndItsHeadIsFreeWhenNothingStands) {
  Documents documents;
  AddLine(BilledKind::kInvoice, Line(1), kNow, &documents);
  AddLine(BilledKind::kInvoice, Line(2), kNow + absl::Seconds(1), &documents);
  ASSERT_EQ(documents.size(), 1u);
  BilledDocument& document = documents.begin()->second;
  EXPECT_EQ(document.name(), "partners/acme/invoices/INV1");
  EXPECT_EQ(document.lines, 2);
  EXPECT_EQ(document.gross_amount, Decimal::FromInt(146448));
  EXPECT_EQ(document.create_time, kNow);
  EXPECT_EQ(document.update_time, kNow + absl::Seconds(1));
  for (int number : {1, 2}) {
    BilledLine reversal = Line(number);
    reversal.generation = 1;
    NegateAmounts(&reversal);
    AddLine(BilledKind::kInvoice, reversal, kNow, &documents);
  }
  EXPECT_EQ(document.lines, 0);
  EXPECT_TRUE(document.net_amount.zero() && document.tax_amount.zero() && document.gross_amount.zero());
  BilledLine again = Line();
  again.generation = 2;
  again.head.currency = "USD";
  AddLine(BilledKind::kInvoice, again, kNow, &documents);
  EXPECT_EQ(document.head.currency, "USD");
  EXPECT_EQ(document.lines, 1);
}

}  // namespace
}  // namespace tributary::inventory
