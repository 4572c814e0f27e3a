#include "inventory-service/sell_through/sell_through_sale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

using Activity = SellThroughSale::Activity;

SellThroughSale NewSale(Activity activity, int quantity) {
  SellThroughSale sale;
  sale.partner = "acme";
  sale.document = "INV-1";
  sale.line = 3;
  sale.product = "bike";
  sale.activity = activity;
  sale.quantity = Decimal::FromInt(quantity);
  return sale;
}

TEST(SellThroughSaleTest, ChecksWhatCannotBe) {
  struct Row {
    Activity activity;
    int quantity;
    const char* original;
    const char* refused;
  };
  for (const Row& row : {
           Row{Activity::kSale, 1, "", ""},
           Row{Activity::kSale, 0, "", ""},
           Row{Activity::kSale, -1, "", "quantity"},
           Row{Activity::kReturn, -1, "", ""},
           Row{Activity::kReturn, -1, "partners/acme/sales/A.1", ""},
           Row{Activity::kReturn, 1, "", "quantity"},
           Row{Activity::kReturn, -1, "partners/acme/sales/A", "original_sale"},
           Row{Activity::kReturn, -1, "partners/bolt/sales/A.1", "original_sale"},
           Row{Activity::kAdjustment, 1, "", ""},
           Row{Activity::kAdjustment, -1, "", ""},
           Row{Activity::kAdjustment, -1, "partners/acme/sales/A.1", "original_sale"},
           Row{Activity::kSale, 1, "partners/acme/sales/A.1", "original_sale"},
       }) {
    SellThroughSale sale = NewSale(row.activity, row.quantity);
    sale.original_sale = row.original;
    const std::vector<FieldViolation> violations = Check(sale);
    EXPECT_EQ(violations.empty() ? "" : violations[0].field, row.refused)
        << NameOf(row.activity) << " " << row.quantity << " " << row.original;
  }
}

TEST(SellThroughSaleTest, IsJudgedAndComparedAsItWasStated) {
  SellThroughSale sale = NewSale(Activity::kSale, 0);  // not converted yet
  sale.unit = "box";
  sale.unit_quantity = Decimal::FromInt(-2);
  const std::vector<FieldViolation> violations = Check(sale);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "unit_quantity");
  EXPECT_EQ(violations[0].got, "-2");
  sale.activity = Activity::kReturn;
  EXPECT_TRUE(Check(sale).empty());

  SellThroughSale known = sale;
  known.quantity = Decimal::FromInt(-24);
  SellThroughSale later = sale;
  later.quantity = Decimal::FromInt(-20);  // a box holds less by now
  EXPECT_FALSE(FirstDifference(known, later).has_value());
  later.unit_quantity = Decimal::FromInt(-3);
  EXPECT_EQ(FirstDifference(known, later)->field, "unit_quantity");
  EXPECT_EQ(FirstDifference(known, NewSale(Activity::kReturn, -24))->field, "unit");
}

TEST(SellThroughSaleTest, MovesStock) {
  const auto moved = [](const SellThroughSale& sale) {
    const std::vector<Posting> postings = Movements(sale);
    return StrCat(postings[0].from, " -> ", postings[0].to, " ", postings[0].quantity.ToString());
  };
  EXPECT_EQ(moved(NewSale(Activity::kSale, 2)), "main -> @customer 2");
  EXPECT_EQ(moved(NewSale(Activity::kReturn, -2)), "main -> @customer -2");
  EXPECT_EQ(moved(NewSale(Activity::kAdjustment, -2)), "@adjustment -> main -2");
}

TEST(SellThroughSaleTest, AnotherStatementOfALineNamesTheFirstFieldThatDiffers) {
  const SellThroughSale known = NewSale(Activity::kSale, 2);
  EXPECT_FALSE(FirstDifference(known, known).has_value());
  const auto differs = [&](const auto& change) {
    SellThroughSale stated = known;
    change(stated);
    const auto difference = FirstDifference(known, stated);
    return difference.has_value() ? difference->field : std::string();
  };
  EXPECT_EQ(differs([](SellThroughSale& s) { s.sale_date = s.sale_date.AddDays(1); }), "sale_date");
  EXPECT_EQ(differs([](SellThroughSale& s) { s.activity = Activity::kAdjustment; }), "activity");
  EXPECT_EQ(differs([](SellThroughSale& s) { s.quantity = Decimal::FromInt(3); }), "quantity");
  EXPECT_EQ(differs([](SellThroughSale& s) { s.unit_price = Decimal(); }), "unit_price");
  EXPECT_EQ(differs([](SellThroughSale& s) { s.net_amount = Decimal(); }), "net_amount");
  EXPECT_EQ(differs([](SellThroughSale& s) { s.original_sale = "x"; }), "original_sale");
  EXPECT_EQ(differs([](SellThroughSale& s) { s.sale_type = SellThroughSale::SaleType::kNew; }), "sale_type");
}

TEST(SellThroughSaleTest, AReversalTakesBackTheNetAmount) {
  SellThroughSale sale = NewSale(Activity::kSale, 2);
  sale.unit_price = Decimal::FromInt(5);
  sale.net_amount = Decimal::FromInt(9);
  NegateAmounts(&sale);
  EXPECT_EQ(*sale.unit_price, Decimal::FromInt(5));
  EXPECT_EQ(*sale.net_amount, Decimal::FromInt(-9));
}

}  // namespace
}  // namespace tributary::inventory
