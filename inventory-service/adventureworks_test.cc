// All lines of AdventureWorks through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_adventureworks.h"
#include "inventory-service/testing_service.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

google::type::Money Usd(const std::string& text) { return wire::ToProto(Money{"USD", Decimal::Parse(text).value()}); }
google::type::Date Day(const std::string& text) { return wire::ToProto(Date::Parse(text).value()); }

class AdventureWorksTest : public ::testing::Test {
 protected:
  std::unique_ptr<mysql::Database> NewDatabase(const std::vector<const mysql::Schema*>& schemas) {
    auto database = mysql::Database::Open(server_.options()).value();
    for (const mysql::Schema* schema : schemas) EXPECT_OK(database->ApplySchema(*schema));
    return database;
  }

  // Sends the rows in batches of 1,000 by four clients; the seconds it took.
  template <typename Request, typename Row>
  double Load(Inventory& inventory, const std::string& method, const std::string& target, std::vector<Row> rows,
              int64_t accepted) {
    const std::string import_name = inventory.NewImport(target).value();
    const absl::Time start = absl::Now();
    std::atomic<size_t> next = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] {
        for (size_t at = next.fetch_add(1000); at < rows.size(); at = next.fetch_add(1000)) {
          Request request;
          request.set_import(import_name);
          for (size_t j = at; j < std::min(at + 1000, rows.size()); ++j) {
            *request.add_rows() = rows[j];
            request.mutable_rows(request.rows_size() - 1)->set_row(static_cast<int64_t>(j) + 2);
          }
          rpc::CallOptions patient;
          patient.timeout = absl::Minutes(1);
          const auto reply = inventory.Call<api::v1::BatchImportResponse>(method, request, patient);
          EXPECT_OK(reply);
          if (reply.ok()) {
            EXPECT_EQ(reply->errors_size(), 0);
          }
        }
      });
    }
    for (std::thread& client : clients) client.join();
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    const api::v1::ImportCounts counts = inventory.GetImport(import_name)->counts();
    EXPECT_EQ(counts.received(), static_cast<int64_t>(rows.size()));
    EXPECT_EQ(counts.accepted(), accepted);
    EXPECT_EQ(counts.duplicate(), static_cast<int64_t>(rows.size()) - accepted);
    std::printf("%zu rows of %s in %.2f s: %.0f rows/s\n", rows.size(), target.c_str(), seconds,
                static_cast<double>(rows.size()) / seconds);
    return seconds;
  }

  testing::DatabaseServer server_;
};

TEST_F(AdventureWorksTest, AllLinesAreLoadedInAnyOrderToTheSameBooks) {
  const std::vector<Record> reseller_lines = ReadAdventureWorks("reseller_order_lines.csv");
  ASSERT_EQ(reseller_lines.size(), 60855u);
  const TestKeys keys;
  TestPartners partners(keys, NewDatabase(PartnerSchemas()));
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
    const auto database = NewDatabase(InventorySchemas());
    TestInventory service(keys, *database, partners.address());
    Inventory inventory(service.client());
    ASSERT_OK(inventory.MakeProducts({products.begin(), products.end()}));
    if (shuffled) std::shuffle(shipments.begin(), shipments.end(), random);
    using ShipmentsRequest = v1::BatchImportShipmentsRequest;
    Load<ShipmentsRequest>(inventory, "ShipmentService/BatchImportShipments", "shipments", shipments, 60855);
    if (shuffled) {
      Load<ShipmentsRequest>(inventory, "ShipmentService/BatchImportShipments", "shipments", shipments, 0);
    }
    Load<v1::BatchImportDirectSalesRequest>(inventory, "DirectSaleService/BatchImportDirectSales", "directSales",
                                            direct_sales, 60398);

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
