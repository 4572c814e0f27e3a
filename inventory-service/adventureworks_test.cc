// All lines of AdventureWorks through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_adventureworks.h"
#include "inventory-service/testing_load.h"
#include "inventory-service/testing_service.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

google::type::Money Usd(const std::string& text) { return wire::ToProto(Money{"USD", Decimal::Parse(text).value()}); }
google::type::Date Day(const std::string& text) { return wire::ToProto(Date::Parse(text).value()); }

class AdventureWorksTest : public ::testing::Test {
 protected:
  testing::DatabaseServer server_;
};

TEST_F(AdventureWorksTest, AllLinesAreLoadedInAnyOrderToTheSameBooks) {
  const std::vector<Record> reseller_lines = ReadAdventureWorks("reseller_order_lines.csv");
  ASSERT_EQ(reseller_lines.size(), 60855u);
  const TestKeys keys;
  TestPartners partners(keys, NewDatabase(server_, PartnerSchemas()));
  std::set<std::string> products;
  std::vector<v1::ShipmentLineRow> shipments;
  std::map<std::string, int64_t> units;
  for (const Record& record : reseller_lines) {
    const std::string partner = StrCat("aw-", record.at("ResellerKey"));
    partners.Know(partner);
    products.insert(record.at("ProductKey"));
    units[StrCat("partners/", partner, "/positions/main.", record.at("ProductKey"))] +=
        std::stoll(record.at("OrderQuantity"));
    v1::ShipmentLine& line = *shipments.emplace_back().mutable_line();
    line.set_partner(StrCat("partners/", partner));
    line.set_document(record.at("SalesOrderNumber"));
    line.set_line(std::stoi(record.at("SalesOrderLineNumber")));
    *line.mutable_order_date() = Day(record.at("OrderDate"));
    *line.mutable_ship_date() = Day(record.at("ShipDate"));
    line.set_product(StrCat("products/", record.at("ProductKey")));
    line.mutable_quantity()->set_value(record.at("OrderQuantity"));
    *line.mutable_unit_price() = Usd(record.at("UnitPrice"));
    *line.mutable_discount() = Usd(record.at("DiscountAmount"));
    *line.mutable_net_amount() = Usd(record.at("SalesAmount"));
  }
  std::vector<v1::DirectSaleRow> direct_sales;
  for (const Record& record : ReadAdventureWorks("internet_order_lines.csv")) {
    products.insert(record.at("ProductKey"));
    v1::DirectSale& sale = *direct_sales.emplace_back().mutable_direct_sale();
    sale.set_document(record.at("SalesOrderNumber"));
    sale.set_line(std::stoi(record.at("SalesOrderLineNumber")));
    *sale.mutable_order_date() = Day(record.at("OrderDate"));
    sale.set_product(StrCat("products/", record.at("ProductKey")));
    sale.mutable_quantity()->set_value(record.at("OrderQuantity"));
    *sale.mutable_unit_price() = Usd(record.at("UnitPrice"));
    *sale.mutable_net_amount() = Usd(record.at("SalesAmount"));
    sale.set_region(StrCat("regions/aw-", record.at("SalesTerritoryKey")));
    sale.set_customer_code(record.at("CustomerKey"));
  }
  std::vector<std::string> positions;
  for (const auto& [name, sum] : units) positions.push_back(StrCat(name, "=", sum));

  std::mt19937 random(20240303);
  for (const bool shuffled : {false, true}) {
    const auto database = NewDatabase(server_, InventorySchemas());
    TestInventory service(keys, *database, partners.address());
    Inventory inventory(service.client());
    ASSERT_OK(inventory.MakeProducts({products.begin(), products.end()}));
    if (shuffled) std::shuffle(shipments.begin(), shipments.end(), random);
    using ShipmentsRequest = v1::BatchImportShipmentsRequest;
    Load<ShipmentsRequest>(inventory, "ShipmentService/BatchImportShipments", "shipments",
                           std::span<const v1::ShipmentLineRow>(shipments), 60855);
    if (shuffled) {
      Load<ShipmentsRequest>(inventory, "ShipmentService/BatchImportShipments", "shipments",
                             std::span<const v1::ShipmentLineRow>(shipments), 0);
    }
    Load<v1::BatchImportDirectSalesRequest>(inventory, "DirectSaleService/BatchImportDirectSales", "directSales",
                                            std::span<const v1::DirectSaleRow>(direct_sales), 60398);

    const auto totals = inventory.Totals();
    ASSERT_OK(totals);
    EXPECT_EQ(totals->lines(), 60855);
    EXPECT_EQ(totals->units().value(), "214378");
    ASSERT_EQ(totals->net_amounts_size(), 1);
    EXPECT_EQ(wire::FromProto(totals->net_amounts(0))->amount.ToString(), "80450596.9823");
    EXPECT_EQ(totals->partners(), 635);
    EXPECT_EQ(totals->documents(), 3796);
    const auto direct =
        inventory.Call<v1::DirectSaleTotals>("DirectSaleService/GetDirectSaleTotals", v1::GetDirectSaleTotalsRequest());
    ASSERT_OK(direct);
    EXPECT_EQ(direct->lines(), 60398);
    EXPECT_EQ(direct->units().value(), "60398");
    ASSERT_EQ(direct->net_amounts_size(), 1);
    EXPECT_EQ(wire::FromProto(direct->net_amounts(0))->amount.ToString(), "29358677.2207");
    const auto balance = inventory.Check();
    ASSERT_OK(balance);
    EXPECT_TRUE(balance->balanced());
    EXPECT_EQ(balance->postings(), 60855 + 60398);
    EXPECT_EQ(balance->positions(), 23756);
    EXPECT_EQ(balance->partner_units().value(), "214378");
    std::vector<std::string> read = inventory.Positions(1000);
    std::sort(read.begin(), read.end());
    EXPECT_EQ(read, positions);
  }
}

}  // namespace
}  // namespace tributary::inventory
