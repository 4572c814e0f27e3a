// Customers that partner-service erases, through the whole service: their names are gone from what is answered and from
// the feed, and what is sent again is known again.

#include <string>

#include "inventory-service/partner_reports/testing_partner_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using ErasedNamesTest = PartnerReportsTest;

TEST_F(ErasedNamesTest, WhatIsSentAgainIsKnownAgain) {
  partners_.TellCustomer("c-1", {"Contoso"});
  MakePlainProfile("acme");
  const std::string file =
      "date,product,quantity,document,line,end_customer\n"
      "2026-06-05,bike,2,INV-1,1,\"Contoso, Ltd.\"\n"
      "2026-06-06,bike,3,,,Contoso\n";
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-30", 1, file)));
  v1::CreateSellThroughSaleRequest request;
  request.set_parent("partners/acme");
  v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
  sale.set_document("INV-2");
  sale.set_line(1);
  *sale.mutable_sale_date() = wire::ToProto(Date::FromYmd(2026, 7, 1).value());
  sale.set_product("products/bike");
  sale.mutable_quantity()->set_value("4");
  sale.set_region("regions/cn-44");
  sale.set_end_customer("CONTOSO");
  const auto create = [&] {
    return inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request);
  };
  ASSERT_OK(create());

  partners_.TellCustomer("c-1", {"Contoso"}, /*erased=*/true);
  const auto customers = [&] {
    std::multiset<std::string> all;
    for (const v1::SellThroughSale& one : Sales()) all.insert(one.end_customer());
    return all;
  };
  const std::multiset<std::string> erased = {"customers/c-1#1", "customers/c-1#2", "customers/c-1#3"};
  ASSERT_TRUE(Eventually([&] { return customers() == erased; }));
  int told = 0;
  for (const events::Event& event : Events()) {
    if (event.type == v1::SellThroughSale::descriptor()->full_name()) ++told;
    EXPECT_THAT(event.payload, Not(HasSubstr("ontoso"))) << event.name;
    EXPECT_THAT(event.payload, Not(HasSubstr("CONTOSO"))) << event.name;
  }
  EXPECT_EQ(told, 3);
  for (const v1::PartnerReport& report : Reports()) {
    for (const v1::ReportRow& row : Rows(report.name())) EXPECT_THAT(row.DebugString(), Not(HasSubstr("ontoso")));
  }

  // The same sale, another one of its number, the same rows in a later report, and one of them by a batch.
  const auto again = create();
  ASSERT_OK(again);
  EXPECT_THAT(again->end_customer(), HasSubstr("customers/c-1#"));
  sale.set_end_customer("Contoso");
  EXPECT_THAT(create(), HasReason(Reason::kRowConflict));
  const auto report = Send(Upload("acme", "2026-06-01", "2026-06-30", 2, file));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "2 = 0 + 0 + 0 + 2 + 0");
  v1::BatchImportSellThroughSalesRequest batch;
  batch.set_import(inventory_.NewImport("sales").value());
  v1::SellThroughSaleRow& row = *batch.add_rows();
  row.set_row(2);
  row.set_parent("partners/acme");
  *row.mutable_sell_through_sale() = sale;
  row.mutable_sell_through_sale()->set_end_customer("CONTOSO");
  const auto imported =
      inventory_.Call<api::v1::BatchImportResponse>("SellThroughSaleService/BatchImportSellThroughSales", batch);
  ASSERT_OK(imported);
  EXPECT_EQ(imported->duplicate(), 1) << imported->DebugString();
  EXPECT_EQ(Sold(), Decimal::FromInt(9));
  EXPECT_EQ(customers(), erased);
}

}  // namespace
}  // namespace tributary::inventory
