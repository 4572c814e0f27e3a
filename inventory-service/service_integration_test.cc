// What lies around the facts: partners by feed and by call, products, sites, and the end of processes in the middle of
// it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/testing_service.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest()
      : partners_(keys_, testing::FreshDatabase(PartnerSchemas())),
        database_(testing::FreshDatabase(InventorySchemas())),
        service_(keys_, *database_, partners_.address()),
        inventory_(service_.client()) {}

  absl::StatusOr<v1::Site> GetSite(const std::string& name) {
    v1::GetSiteRequest request;
    request.set_name(name);
    return inventory_.Call<v1::Site>("SiteService/GetSite", request);
  }

  TestKeys keys_;
  TestPartners partners_;
  std::unique_ptr<mysql::Database> database_;
  TestInventory service_;
  Inventory inventory_;
};

TEST_F(ServiceTest, PartnersComeByTheFeedWithASiteEach) {
  partners_.Tell("acme");
  partners_.Tell("bolt");
  partners_.Tell("acme");  // changed; it keeps its site
  ASSERT_TRUE(Eventually([&] { return GetSite("partners/bolt/sites/main").ok(); }));
  ASSERT_TRUE(Eventually([&] { return GetSite("partners/acme/sites/main").ok(); }));
  ASSERT_OK(inventory_.MakeProducts({"bike"}));
  const auto reply = inventory_.Ship(inventory_.NewImport("shipments").value(),
                                     {NewLine("acme", "SO1", 1, "bike", 1), NewLine("bolt", "SO2", 1, "bike", 1)});
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 2);
  EXPECT_EQ(partners_.asked(), 0);

  v1::CreateSiteRequest create;
  create.set_parent("partners/acme");
  create.set_site_id("north");
  create.mutable_site()->set_display_name("Lager Nord");
  create.mutable_site()->set_region("regions/de-nw");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", create));
  EXPECT_THAT(inventory_.Call<v1::Site>("SiteService/CreateSite", create), HasReason(Reason::kAlreadyExists));
  create.set_parent("partners/nobody");
  EXPECT_THAT(inventory_.Call<v1::Site>("SiteService/CreateSite", create), HasReason(Reason::kReferenceNotFound));
  v1::ListSitesRequest list;
  list.set_parent("partners/-");
  list.set_page_size(2);
  std::vector<std::string> names;
  do {
    const auto page = inventory_.Call<v1::ListSitesResponse>("SiteService/ListSites", list);
    ASSERT_OK(page);
    for (const v1::Site& site : page->sites()) names.push_back(site.name());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("partners/acme/sites/main", "partners/acme/sites/north", "partners/bolt/sites/main"));
  list.set_filter("region = \"regions/de-nw\"");
  EXPECT_THAT(inventory_.Call<v1::ListSitesResponse>("SiteService/ListSites", list)->sites(), SizeIs(1));
}

TEST_F(ServiceTest, APartnerThatTheFeedHasNotToldOfIsAskedForOnce) {
  partners_.Know("young");
  ASSERT_OK(inventory_.MakeProducts({"bike"}));
  const std::string import_name = inventory_.NewImport("shipments").value();
  EXPECT_EQ(inventory_.Ship(import_name, {NewLine("young", "SO1", 1, "bike", 1)})->accepted(), 1);
  EXPECT_EQ(partners_.asked(), 1);
  EXPECT_EQ(inventory_.Ship(import_name, {NewLine("young", "SO1", 2, "bike", 1)})->accepted(), 1);
  EXPECT_EQ(partners_.asked(), 1);
  const auto unknown = inventory_.Ship(import_name, {NewLine("nobody", "SO2", 1, "bike", 1)});
  ASSERT_OK(unknown);
  ASSERT_THAT(unknown->errors(), SizeIs(1));
  EXPECT_EQ(unknown->errors(0).column(), "partner");
  EXPECT_EQ(unknown->errors(0).got(), "partners/nobody");
  EXPECT_EQ(unknown->errors(0).reason(), "REFERENCE_NOT_FOUND");

  // Without partner-service what is known goes on; what is not is neither taken nor refused.
  partners_.StopServing();
  EXPECT_EQ(inventory_.Ship(import_name, {NewLine("young", "SO1", 3, "bike", 1)})->accepted(), 1);
  rpc::Client impatient({.address = service_.address(),
                         .token = [this] { return keys_.Token(api::v1::ADMINISTRATOR); },
                         .retries = false});
  EXPECT_THAT(Inventory(impatient).Ship(import_name, {NewLine("other", "SO3", 1, "bike", 1)}),
              HasReason(Reason::kServiceUnavailable));
}

TEST_F(ServiceTest, ProductsByBatchAndOneByOne) {
  ASSERT_OK(inventory_.MakeProducts({"349", "350"}));
  v1::BatchImportProductsRequest batch;
  batch.set_import(inventory_.NewImport("products").value());
  const auto add = [&](const std::string& name, const std::string& line, v1::Product::Kind kind) -> v1::Product& {
    v1::ProductRow& row = *batch.add_rows();
    row.set_row(batch.rows_size() + 1);
    v1::Product& product = *row.mutable_product();
    product.set_name(name);
    product.set_sku("SKU-349");  // not unique
    product.set_display_name("The 349");
    product.set_kind(kind);
    product.set_product_line(line);
    product.set_base_unit("each");
    return product;
  };
  add("products/349", "productLines/bikes", v1::Product::STOCKED);
  add("products/351", "productLines/bikes", v1::Product::STOCKED);
  add("products/351", "productLines/bikes", v1::Product::STOCKED);
  add("products/349", "", v1::Product::STOCKED);
  add("products/352", "productLines/cars", v1::Product::STOCKED);
  add("products/BIG", "", v1::Product::STOCKED);
  add("products/353", "", v1::Product::KIND_UNSPECIFIED);
  add("products/354", "", static_cast<v1::Product::Kind>(9));
  add("products/355", "", v1::Product::STOCKED).set_sku(std::string(65, 'x'));
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("ProductService/BatchImportProducts", batch);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  EXPECT_EQ(reply->duplicate(), 2);
  std::vector<std::string> errors;
  for (const api::v1::RowError& e : reply->errors())
    errors.push_back(StrCat(e.row(), " ", e.column(), " ", e.reason()));
  std::sort(errors.begin(), errors.end());
  EXPECT_THAT(errors,
              ElementsAre("10 sku INVALID_FIELD", "5 product_line ROW_CONFLICT", "6 product_line REFERENCE_NOT_FOUND",
                          "7 name INVALID_FIELD", "8 kind INVALID_FIELD", "9 kind INVALID_FIELD"));

  v1::CreateProductRequest create;
  create.set_product_id("356");
  *create.mutable_product() = batch.rows(1).product();
  create.mutable_product()->clear_name();
  const auto made = inventory_.Call<v1::Product>("ProductService/CreateProduct", create);
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), "products/356");
  EXPECT_EQ(made->etag(), "\"v1\"");
  EXPECT_THAT(inventory_.Call<v1::Product>("ProductService/CreateProduct", create), HasReason(Reason::kAlreadyExists));
  create.set_product_id("357");
  create.mutable_product()->set_product_line("productLines/cars");
  EXPECT_THAT(inventory_.Call<v1::Product>("ProductService/CreateProduct", create),
              HasReason(Reason::kReferenceNotFound));
  create.clear_product_id();
  create.mutable_product()->clear_product_line();
  EXPECT_OK(inventory_.Call<v1::Product>("ProductService/CreateProduct", create));

  EXPECT_EQ(inventory_.UndoImport(batch.import())->counts().undone(), 1);
  v1::ListProductsRequest list;
  list.set_filter("kind = STOCKED AND product_line = \"productLines/bikes\"");
  const auto names = [&] {
    std::vector<std::string> all;
    const auto page = inventory_.Call<v1::ListProductsResponse>("ProductService/ListProducts", list);
    EXPECT_OK(page);
    for (const v1::Product& product : page->products()) all.push_back(product.name());
    return all;
  };
  EXPECT_THAT(names(), ElementsAre("products/349", "products/350", "products/356"));
  list.set_show_deleted(true);
  EXPECT_THAT(names(), ElementsAre("products/349", "products/350", "products/351", "products/356"));
  v1::GetProductLineRequest line;
  line.set_name("productLines/bikes");
  EXPECT_EQ(inventory_.Call<v1::ProductLine>("ProductService/GetProductLine", line)->display_name(), "Bikes");
  v1::ListProductLinesRequest lines;
  EXPECT_THAT(inventory_.Call<v1::ListProductLinesResponse>("ProductService/ListProductLines", lines)->product_lines(),
              SizeIs(1));
}

TEST_F(ServiceTest, APartnerUserSeesItsOwnRowsAlone) {
  partners_.Know("acme");
  partners_.Know("bolt");
  ASSERT_OK(inventory_.MakeProducts({"bike"}));
  ASSERT_OK(inventory_.Ship(inventory_.NewImport("shipments").value(),
                            {NewLine("acme", "SO1", 1, "bike", 1), NewLine("bolt", "SO2", 1, "bike", 2)}));
  const rpc::CallOptions acme{.token = keys_.Token(api::v1::PARTNER_USER, "acme")};
  v1::ListShipmentsRequest shipments;
  shipments.set_parent("partners/-");
  const auto own = inventory_.Call<v1::ListShipmentsResponse>("ShipmentService/ListShipments", shipments, acme);
  ASSERT_OK(own);
  ASSERT_THAT(own->shipments(), SizeIs(1));
  EXPECT_EQ(own->shipments(0).name(), "partners/acme/shipments/SO1");
  v1::ListPositionsRequest positions;
  positions.set_parent("partners/-");
  EXPECT_THAT(inventory_.Call<v1::ListPositionsResponse>("LedgerService/ListPositions", positions, acme)->positions(),
              SizeIs(1));
  v1::ListStockPostingsRequest postings;
  postings.set_parent("partners/-");
  EXPECT_THAT(inventory_.Call<v1::ListStockPostingsResponse>("LedgerService/ListStockPostings", postings, acme)
                  ->stock_postings(),
              SizeIs(1));
  v1::GetSellInTotalsRequest totals;
  totals.set_parent("partners/-");
  EXPECT_EQ(inventory_.Call<v1::SellInTotals>("ShipmentService/GetSellInTotals", totals, acme)->lines(), 1);
  shipments.set_parent("partners/bolt");
  EXPECT_THAT(inventory_.Call<v1::ListShipmentsResponse>("ShipmentService/ListShipments", shipments, acme),
              HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(inventory_.Call<v1::LedgerBalance>("LedgerService/CheckLedger", v1::CheckLedgerRequest(), acme),
              HasReason(Reason::kPermissionDenied));
  v1::GetPositionRequest position;
  position.set_name("partners/acme/positions/main.bike");
  EXPECT_EQ(inventory_.Call<v1::Position>("LedgerService/GetPosition", position, acme)->on_hand().value(), "1");
  position.set_name("partners/acme/positions/main.nothing");
  EXPECT_THAT(inventory_.Call<v1::Position>("LedgerService/GetPosition", position), HasReason(Reason::kNotFound));
  position.set_name("partners/acme/positions/main");
  EXPECT_THAT(inventory_.Call<v1::Position>("LedgerService/GetPosition", position), HasReason(Reason::kInvalidField));
}

TEST_F(ServiceTest, TheSameRequestTwiceHasOneEffectAndOneAnswer) {
  partners_.Know("acme");
  ASSERT_OK(inventory_.MakeProducts({"bike"}));
  v1::BatchImportShipmentsRequest request;
  request.set_import(inventory_.NewImport("shipments").value());
  request.set_request_id(Uuid::New(absl::Now()).ToString());
  v1::ShipmentLineRow& row = *request.add_rows();
  row.set_row(2);
  *row.mutable_line() = NewLine("acme", "SO1", 1, "bike", 1);
  for (int i = 0; i < 2; ++i) {
    const auto reply = inventory_.Call<api::v1::BatchImportResponse>("ShipmentService/BatchImportShipments", request);
    ASSERT_OK(reply);
    EXPECT_EQ(reply->accepted(), 1);
    EXPECT_EQ(reply->duplicate(), 0);
  }
  EXPECT_EQ(inventory_.GetImport(request.import())->counts().received(), 1);
  row.mutable_line()->set_line(2);
  EXPECT_THAT(inventory_.Call<api::v1::BatchImportResponse>("ShipmentService/BatchImportShipments", request),
              HasReason(Reason::kRequestIdReused));
}

// The database is killed while four clients load, comes back, and the import is run again: every line is there once.
TEST(ServiceFault, ALoadThatTheDatabaseDiedInIsExactAfterItIsRunAgain) {
  testing::DatabaseServer server;
  const TestKeys keys;
  TestPartners partners(keys, testing::FreshDatabase(PartnerSchemas()));
  for (int i = 0; i < 20; ++i) partners.Know(StrCat("p", i));
  auto database = mysql::Database::Open(server.options()).value();
  for (const mysql::Schema* schema : InventorySchemas()) ASSERT_OK(database->ApplySchema(*schema));
  TestInventory service(keys, *database, partners.address());
  Inventory inventory(service.client());
  ASSERT_OK(inventory.MakeProducts({"bike", "pump"}));

  std::vector<v1::ShipmentLine> lines;
  for (int i = 0; i < 6000; ++i) {
    lines.push_back(NewLine(StrCat("p", i / 6 % 20), StrCat("SO", i / 6), i % 6 + 1, i % 2 == 0 ? "bike" : "pump", 1));
  }
  // Answers how many batches failed; `meanwhile` runs on this thread once a third of them has been sent.
  const auto load = [&](const std::function<void()>& meanwhile) {
    const absl::StatusOr<std::string> import_name = inventory.NewImport("shipments");
    EXPECT_OK(import_name);
    std::atomic<size_t> next = 0;
    std::atomic<int> failed = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] {
        for (size_t at = next++; at < lines.size() / 200; at = next++) {
          if (!inventory.Ship(*import_name, {lines.begin() + at * 200, lines.begin() + (at + 1) * 200}).ok()) ++failed;
        }
      });
    }
    EXPECT_TRUE(Eventually([&] { return next >= lines.size() / 600; }));
    meanwhile();
    for (std::thread& client : clients) client.join();
    return failed.load();
  };
  load([&] {
    server.Kill();
    server.Restart();
  });
  ASSERT_TRUE(Eventually([&] { return inventory.Check().ok(); }));
  EXPECT_TRUE(inventory.Check()->balanced());
  EXPECT_EQ(load([] {}), 0);
  EXPECT_EQ(inventory.Totals()->lines(), 6000);
  EXPECT_EQ(inventory.Totals()->units().value(), "6000");
  const auto balance = inventory.Check();
  ASSERT_OK(balance);
  EXPECT_TRUE(balance->balanced());
  EXPECT_EQ(balance->postings(), 6000);
  EXPECT_EQ(balance->partner_units().value(), "6000");
}

}  // namespace
}  // namespace tributary::inventory
