// Sell-through and direct sales through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
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

TEST_F(FactsTest, SellThroughTellsReturnsAndAdjustmentsFromSales) {
  v1::BatchImportSellThroughSalesRequest batch;
  batch.set_import(inventory_.NewImport("sales").value());
  const auto add = [&](int line, const std::string& quantity,
                       v1::SellThroughSale::Activity activity) -> v1::SellThroughSale& {
    v1::SellThroughSaleRow& row = *batch.add_rows();
    row.set_row(batch.rows_size() + 1);
    row.set_parent("partners/acme");
    v1::SellThroughSale& sale = *row.mutable_sell_through_sale();
    sale.set_document("INV-1");
    sale.set_line(line);
    *sale.mutable_sale_date() = wire::ToProto(Date::FromYmd(2024, 3, 31).value());
    sale.set_product("products/bike");
    sale.mutable_quantity()->set_value(quantity);
    sale.set_region("regions/aw-1");
    sale.set_activity(activity);
    return sale;
  };
  const auto eur = [](const std::string& text) { return wire::ToProto(Money{"EUR", Decimal::Parse(text).value()}); };
  v1::SellThroughSale& sold = add(1, "10", v1::SellThroughSale::ACTIVITY_UNSPECIFIED);
  *sold.mutable_unit_price() = eur("2.55");
  *sold.mutable_net_amount() = eur("24.9999");  // as stated
  sold.set_sale_type(v1::SellThroughSale::RENEWAL);
  v1::SellThroughSale& returned = add(2, "-3", v1::SellThroughSale::ACTIVITY_UNSPECIFIED);
  *returned.mutable_unit_price() = eur("2.55");
  *returned.mutable_net_amount() = eur("-7.5");
  returned.set_original_sale("partners/acme/sales/INV-1.1");
  add(3, "-4", v1::SellThroughSale::ADJUSTMENT);
  add(4, "1", v1::SellThroughSale::ADJUSTMENT);
  *add(5, "1", v1::SellThroughSale::SALE).mutable_unit_price() = eur("-11062.06");
  add(6, "-1", v1::SellThroughSale::SALE);
  add(7, "1", v1::SellThroughSale::RETURN);
  add(8, "1", v1::SellThroughSale::SALE).set_original_sale("partners/acme/sales/INV-1.1");
  add(9, "-1", v1::SellThroughSale::RETURN).set_original_sale("partners/bolt/sales/INV-1.1");
  add(10, "-1", v1::SellThroughSale::RETURN).set_original_sale("partners/acme/sales/INV-1");
  v1::SellThroughSale& mixed = add(11, "1", v1::SellThroughSale::SALE);
  *mixed.mutable_unit_price() = eur("1");
  *mixed.mutable_net_amount() = wire::ToProto(Money{"USD", Decimal::FromInt(1)});
  const auto reply =
      inventory_.Call<api::v1::BatchImportResponse>("SellThroughSaleService/BatchImportSellThroughSales", batch);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 5);
  std::vector<std::string> errors;
  for (const auto& error : reply->errors()) errors.push_back(StrCat(error.row(), " ", error.column()));
  EXPECT_THAT(errors, ElementsAre("7 quantity", "8 quantity", "9 original_sale", "10 original_sale", "11 original_sale",
                                  "12 net_amount.currency_code"));
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=-11"));  // -10 + 3 - 4 + 1 - 1
  const auto balance = inventory_.Check();
  ASSERT_OK(balance);
  EXPECT_TRUE(balance->balanced());

  v1::GetSellThroughSaleRequest get;
  get.set_name("partners/acme/sales/INV-1.2");
  const auto read = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", get);
  ASSERT_OK(read);
  EXPECT_EQ(read->activity(), v1::SellThroughSale::RETURN);
  EXPECT_EQ(read->original_sale(), "partners/acme/sales/INV-1.1");
  EXPECT_EQ(wire::FromProto(read->net_amount())->amount.ToString(), "-7.5");
  get.set_name("partners/acme/sales/INV-1.1");
  EXPECT_EQ(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", get)->sale_type(),
            v1::SellThroughSale::RENEWAL);

  const auto totals = [&](const std::string& parent, const rpc::CallOptions& options = {}) {
    v1::GetSellThroughTotalsRequest request;
    request.set_parent(parent);
    return inventory_.Call<v1::SellThroughTotals>("SellThroughSaleService/GetSellThroughTotals", request, options);
  };
  const auto sums = totals("partners/-");
  ASSERT_OK(sums);
  EXPECT_EQ(sums->lines(), 5);
  EXPECT_EQ(sums->returns(), 1);
  EXPECT_EQ(sums->adjustments(), 2);
  EXPECT_EQ(sums->units().value(), "8");
  EXPECT_EQ(sums->adjusted_units().value(), "-3");
  ASSERT_EQ(sums->net_amounts_size(), 1);
  EXPECT_EQ(wire::FromProto(sums->net_amounts(0))->amount.ToString(), "17.4999");
  ASSERT_EQ(sums->amounts_at_price_size(), 1);
  EXPECT_EQ(wire::FromProto(sums->amounts_at_price(0))->amount.ToString(), "-11044.21");  // 25.50 - 7.65 - 11062.06
  EXPECT_EQ(sums->documents(), 1);
  EXPECT_EQ(sums->partners(), 1);
  EXPECT_EQ(totals("partners/bolt")->lines(), 0);
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_EQ(totals("partners/-", bolt)->lines(), 0);
  EXPECT_THAT(totals("partners/acme", bolt), HasReason(Reason::kPermissionDenied));

  // The same lines are known; another activity is another line.
  const auto again =
      inventory_.Call<api::v1::BatchImportResponse>("SellThroughSaleService/BatchImportSellThroughSales", [&] {
        batch.clear_request_id();
        return batch;
      }());
  EXPECT_EQ(again->duplicate(), 5);
  batch.mutable_rows(2)->mutable_sell_through_sale()->set_activity(v1::SellThroughSale::RETURN);
  batch.mutable_rows()->DeleteSubrange(3, batch.rows_size() - 3);
  const auto other =
      inventory_.Call<api::v1::BatchImportResponse>("SellThroughSaleService/BatchImportSellThroughSales", batch);
  ASSERT_THAT(other->errors(), SizeIs(1));
  EXPECT_EQ(other->errors(0).column(), "activity");

  // Nothing is left of what is taken back.
  ASSERT_OK(inventory_.UndoImport(batch.import()));
  const auto none = totals("partners/-");
  ASSERT_OK(none);
  EXPECT_EQ(none->lines(), 0);
  EXPECT_EQ(none->adjustments(), 0);
  EXPECT_EQ(none->units().value(), "0");
  EXPECT_EQ(none->adjusted_units().value(), "0");
  EXPECT_EQ(none->documents(), 0);
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=0"));
}

TEST_F(FactsTest, ACrowdOfSalesIsDecidedAsOneAfterAnother) {
  constexpr int kCalls = 480;
  const auto sale_of = [](int i) {
    v1::CreateSellThroughSaleRequest request;
    request.set_request_id(Uuid::New(absl::Now()).ToString());
    request.set_parent(i % 2 == 0 ? "partners/acme" : "partners/bolt");
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(StrCat("INV-", i));
    sale.set_line(1);
    *sale.mutable_sale_date() = wire::ToProto(Date::FromYmd(2013, 12, 1).value());
    sale.set_product("products/bike");
    sale.mutable_quantity()->set_value("1");
    sale.set_region("regions/aw-1");
    sale.set_end_customer("EC1");
    switch (i % 10) {
      case 6:  // the same line as the next one's
      case 7:
        request.set_parent("partners/acme");
        sale.set_document(StrCat("SAME-", i / 10));
        break;
      case 8:  // the next one states the line otherwise
      case 9:
        request.set_parent("partners/acme");
        sale.set_document(StrCat("CLASH-", i / 10));
        sale.mutable_quantity()->set_value(StrCat(i % 10));
        break;
      case 4:
        sale.set_product("products/nothing");
        break;
      case 5:
        request.set_parent("partners/nobody");
        break;
      default:
        break;
    }
    return request;
  };
  std::vector<v1::CreateSellThroughSaleRequest> requests;
  for (int i = 0; i < kCalls; ++i) requests.push_back(sale_of(i));
  std::vector<absl::StatusOr<v1::SellThroughSale>> answers(kCalls), again(kCalls);
  for (auto* round : {&answers, &again}) {
    std::atomic<int> next{0};
    std::vector<std::jthread> callers;
    for (int thread = 0; thread < 32; ++thread) {
      callers.emplace_back([&] {
        for (int i = next++; i < kCalls; i = next++) {
          (*round)[i] =
              inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", requests[i]);
        }
      });
    }
  }
  Decimal sold;
  for (int i = 0; i < kCalls; ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(answers[i].ok(), again[i].ok());
    if (answers[i].ok() && again[i].ok()) {
      EXPECT_EQ(answers[i]->DebugString(), again[i]->DebugString());
    }
    if (i % 10 == 4 || i % 10 == 5) {
      EXPECT_THAT(answers[i], HasReason(Reason::kReferenceNotFound));
    } else if (i % 10 == 9) {
      EXPECT_NE(answers[i - 1].ok(), answers[i].ok());
      EXPECT_THAT(answers[i].ok() ? answers[i - 1] : answers[i], HasReason(Reason::kRowConflict));
      sold += Decimal::FromInt(answers[i].ok() ? 9 : 8);
    } else if (i % 10 != 8) {
      EXPECT_OK(answers[i]);
      if (i % 10 != 7) sold += Decimal::FromInt(1);
    }
  }
  v1::GetSellThroughTotalsRequest all;
  all.set_parent("partners/-");
  const auto totals = inventory_.Call<v1::SellThroughTotals>("SellThroughSaleService/GetSellThroughTotals", all);
  ASSERT_OK(totals);
  EXPECT_EQ(totals->units().value(), sold.ToString());
  EXPECT_EQ(totals->lines(), kCalls / 10 * 6);
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
  EXPECT_EQ(sale->product_line(), "productLines/bikes");
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
