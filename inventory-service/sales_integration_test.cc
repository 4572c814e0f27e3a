// Sell-through and direct sales through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(FactsTest, SellThroughTakesStockAwayAndMayGoBelowZero) {
  v1::CreateSellThroughSaleRequest request;
  request.set_parent("partners/acme");
  v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
  sale.set_document("INV-1");
  sale.set_line(1);
  *sale.mutable_sale_date() = wire::ToProto(Date::FromYmd(2013, 12, 1).value());
  sale.set_product("products/bike");
  sale.mutable_quantity()->set_value("2.5");
  sale.set_region("regions/aw-1");
  sale.set_end_customer("小林商店");
  const auto made = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request);
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), "partners/acme/sales/INV-1.1");
  EXPECT_EQ(made->product_line(), "productLines/bikes");
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=-2.5"));
  const auto again = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request);
  ASSERT_OK(again);
  EXPECT_EQ(again->name(), made->name());
  sale.mutable_quantity()->set_value("3");
  EXPECT_THAT(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request),
              HasReason(Reason::kRowConflict));

  // The partner's own people report it too, and see nobody else's.
  rpc::CallOptions acme{.token = keys_.Token(api::v1::PARTNER_USER, "acme")};
  sale.set_line(2);
  EXPECT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request, acme));
  request.set_parent("partners/bolt");
  EXPECT_THAT(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request, acme),
              HasReason(Reason::kPermissionDenied));

  v1::BatchImportSellThroughSalesRequest batch;
  batch.set_import(inventory_.NewImport("sales").value());
  for (const char* partner : {"acme", "bolt", "nobody"}) {
    v1::SellThroughSaleRow& row = *batch.add_rows();
    row.set_row(batch.rows_size() + 1);
    row.set_parent(StrCat("partners/", partner));
    *row.mutable_sell_through_sale() = *&sale;
    row.mutable_sell_through_sale()->set_document("INV-2");
    row.mutable_sell_through_sale()->set_line(1);
  }
  batch.mutable_rows(2)->mutable_sell_through_sale()->clear_region();
  const auto reply =
      inventory_.Call<api::v1::BatchImportResponse>("SellThroughSaleService/BatchImportSellThroughSales", batch);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 2);  // the same document number of two partners
  ASSERT_THAT(reply->errors(), SizeIs(1));
  EXPECT_EQ(reply->errors(0).column(), "region");

  v1::ListSellThroughSalesRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1);
  std::vector<std::string> names;
  do {
    const auto page =
        inventory_.Call<v1::ListSellThroughSalesResponse>("SellThroughSaleService/ListSellThroughSales", list);
    ASSERT_OK(page);
    for (const auto& one : page->sell_through_sales()) names.push_back(one.name());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("partners/acme/sales/INV-1.1", "partners/acme/sales/INV-1.2",
                                 "partners/acme/sales/INV-2.1", "partners/bolt/sales/INV-2.1"));
  list.set_page_size(10);
  const auto own =
      inventory_.Call<v1::ListSellThroughSalesResponse>("SellThroughSaleService/ListSellThroughSales", list, acme);
  ASSERT_OK(own);
  EXPECT_THAT(own->sell_through_sales(), SizeIs(3));

  ASSERT_OK(inventory_.UndoImport(batch.import()));
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-5.5", "partners/bolt/positions/main.bike=0"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(FactsTest, DirectSalesStayOutsideSellIn) {
  v1::BatchImportDirectSalesRequest batch;
  batch.set_import(inventory_.NewImport("directSales").value());
  const auto add = [&](const std::string& document, int line, int quantity) -> v1::DirectSale& {
    v1::DirectSaleRow& row = *batch.add_rows();
    row.set_row(batch.rows_size() + 1);
    v1::DirectSale& sale = *row.mutable_direct_sale();
    sale.set_document(document);
    sale.set_line(line);
    *sale.mutable_order_date() = wire::ToProto(Date::FromYmd(2010, 12, 29).value());
    sale.set_product("products/bike");
    sale.mutable_quantity()->set_value(StrCat(quantity));
    *sale.mutable_unit_price() = wire::ToProto(Money{"USD", Decimal::Parse("3578.27").value()});
    *sale.mutable_net_amount() = wire::ToProto(Money{"USD", Decimal::Parse("3578.27").value()});
    sale.set_customer_code("21768");
    return sale;
  };
  add("SO43697", 1, 1);
  add("A.1", 2, 1);
  add("A", 1, 1).set_region("regions/aw-6");
  add("SO43697", 2, -1);  // a positive amount on a return is odd, not malformed
  add("SO43697", 3, 1).mutable_net_amount()->set_units(-1);
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("DirectSaleService/BatchImportDirectSales", batch);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 4);
  ASSERT_GE(reply->errors_size(), 1);
  EXPECT_EQ(reply->errors(0).row(), 6);

  v1::GetDirectSaleRequest get;
  get.set_name("directSales/A.1.2.0");
  const auto sale = inventory_.Call<v1::DirectSale>("DirectSaleService/GetDirectSale", get);
  ASSERT_OK(sale);
  EXPECT_EQ(sale->document(), "A.1");
  EXPECT_EQ(sale->line(), 2);
  for (const char* nothing : {"directSales/A.1.2", "directSales/A", "directSales/A.7"}) {
    get.set_name(nothing);
    EXPECT_THAT(inventory_.Call<v1::DirectSale>("DirectSaleService/GetDirectSale", get), HasReason(Reason::kNotFound));
  }
  v1::ListDirectSalesRequest list;
  list.set_page_size(3);
  list.set_filter("region = \"regions/aw-6\" OR document = SO43697");
  const auto listed = inventory_.Call<v1::ListDirectSalesResponse>("DirectSaleService/ListDirectSales", list);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->direct_sales(), SizeIs(3));
  EXPECT_EQ(listed->direct_sales(0).name(), "directSales/A.1");
  EXPECT_TRUE(listed->next_page_token().empty());

  const auto totals =
      inventory_.Call<v1::DirectSaleTotals>("DirectSaleService/GetDirectSaleTotals", v1::GetDirectSaleTotalsRequest());
  ASSERT_OK(totals);
  EXPECT_EQ(totals->lines(), 4);
  EXPECT_EQ(totals->units().value(), "2");
  EXPECT_EQ(inventory_.Totals()->lines(), 0);
  EXPECT_THAT(inventory_.Positions(), IsEmpty());
  const auto balance = inventory_.Check();
  EXPECT_TRUE(balance->balanced());
  EXPECT_EQ(balance->postings(), 4);

  ASSERT_OK(inventory_.UndoImport(batch.import()));
  EXPECT_EQ(
      inventory_.Call<v1::DirectSaleTotals>("DirectSaleService/GetDirectSaleTotals", v1::GetDirectSaleTotalsRequest())
          ->lines(),
      0);
  get.set_name("directSales/A.1.2.r1");
  EXPECT_EQ(inventory_.Call<v1::DirectSale>("DirectSaleService/GetDirectSale", get)->reverses(), "directSales/A.1.2.0");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
