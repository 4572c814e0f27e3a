// Products, their kits and units through the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/text/text.h"
#include "google/protobuf/empty.pb.h"
#include "inventory-service/testing_catalog.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ProductsTest : public CatalogTest {
 protected:
  absl::StatusOr<v1::Product> Get(const std::string& name, const rpc::CallOptions& options = {}) {
    v1::GetProductRequest request;
    request.set_name(name);
    return inventory_.Call<v1::Product>("ProductService/GetProduct", request, options);
  }
  absl::StatusOr<v1::Product> Update(const v1::Product& product, const std::vector<std::string>& paths) {
    v1::UpdateProductRequest request;
    *request.mutable_product() = product;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    return inventory_.Call<v1::Product>("ProductService/UpdateProduct", request);
  }
  // "products/<id>" with so much each of these, since 2026 began.
  static v1::Product Kit(const std::string& id, const std::vector<std::pair<std::string, const char*>>& parts) {
    v1::Product kit;
    kit.set_name(StrCat("products/", id));
    for (const auto& [part, quantity] : parts) {
      v1::Component& component = *kit.add_components();
      component.set_product(StrCat("products/", part));
      *component.mutable_quantity() = Number(quantity);
      *component.mutable_effective_from() = Day("2026-01-01");
    }
    return kit;
  }
  std::vector<std::string> Explode(const std::string& id, const char* date, const char* quantity) {
    v1::ExplodeProductRequest request;
    request.set_name(StrCat("products/", id));
    *request.mutable_date() = Day(date);
    *request.mutable_quantity() = Number(quantity);
    const auto reply = inventory_.Call<v1::ExplodedProduct>("ProductService/ExplodeProduct", request,
                                                            As(api::v1::PARTNER_USER, "acme"));
    EXPECT_OK(reply);
    std::vector<std::string> parts;
    for (const auto& part : reply->parts()) parts.push_back(StrCat(part.product(), "=", part.quantity().value()));
    return parts;
  }
  absl::StatusOr<v1::ConvertedQuantity> Convert(const char* quantity, const char* unit) {
    v1::ConvertQuantityRequest request;
    request.set_name("products/bike");
    *request.mutable_quantity() = Number(quantity);
    request.set_unit(unit);
    return inventory_.Call<v1::ConvertedQuantity>("UnitConversionService/ConvertQuantity", request,
                                                  As(api::v1::PARTNER_USER, "acme"));
  }
};

TEST_F(ProductsTest, AProductGrows) {
  v1::Product bike = *Get("products/bike");
  EXPECT_EQ(bike.tracking(), v1::Product::NONE);
  v1::Product change;
  change.set_name(bike.name());
  change.set_etag(bike.etag());
  change.set_gtin("4006381333931");
  change.set_tracking(v1::Product::SERIAL);
  change.set_edition("pro");
  change.set_shelf_life_days(365);
  *change.mutable_base_unit_step() = Number("1");
  const auto grown = Update(change, {});
  ASSERT_OK(grown);
  EXPECT_EQ(grown->display_name(), bike.display_name());
  EXPECT_EQ(grown->tracking(), v1::Product::SERIAL);
  EXPECT_THAT(Update(change, {}), HasReason(Reason::kEtagMismatch));
  change.set_etag(grown->etag());
  change.set_gtin("4006381333932");
  EXPECT_THAT(Update(change, {"gtin"}), HasReason(Reason::kInvalidField));
  change.set_product_line("productLines/nothing");
  EXPECT_THAT(Update(change, {"product_line"}), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Update(change, {"state"}), HasReason(Reason::kInvalidField));
  change.set_name("products/nothing");
  EXPECT_THAT(Update(change, {"edition"}), HasReason(Reason::kNotFound));
  // The mask takes away what the message leaves out.
  v1::Product without;
  without.set_name(bike.name());
  const auto cleared = Update(without, {"gtin", "tracking", "base_unit_step"});
  ASSERT_OK(cleared);
  EXPECT_EQ(cleared->gtin(), "");
  EXPECT_EQ(cleared->tracking(), v1::Product::NONE);
  EXPECT_FALSE(cleared->has_base_unit_step());
  EXPECT_EQ(cleared->edition(), "pro");

  v1::ListProductsRequest list;
  list.set_filter("edition = pro AND tracking = NONE");
  EXPECT_THAT(inventory_.Call<v1::ListProductsResponse>("ProductService/ListProducts", list)->products(), SizeIs(1));
}

TEST_F(ProductsTest, WhatAProductIsStaysOnceStockWasPosted) {
  ASSERT_OK(inventory_.Ship(inventory_.NewImport("shipments").value(), {NewLine("acme", "SO1", 1, "bike", 1)}));
  v1::Product change;
  change.set_name("products/bike");
  change.set_kind(v1::Product::SERVICE);
  change.set_tracking(v1::Product::LOT);
  change.set_base_unit("pair");
  change.set_display_name("The better bike");
  for (const char* path : {"kind", "tracking", "base_unit"}) {
    EXPECT_THAT(Update(change, {path}), HasReason(Reason::kInUse)) << path;
  }
  EXPECT_OK(Update(change, {"display_name"}));
  change.set_name("products/trike");
  EXPECT_OK(Update(change, {"kind", "tracking", "base_unit"}));
}

// A file that was imported before more was said of its products.
TEST_F(ProductsTest, AnImportGoesOnToBeADuplicate) {
  v1::Product change;
  change.set_name("products/bike");
  change.set_gtin("4006381333931");
  change.set_tracking(v1::Product::LOT);
  ASSERT_OK(Update(change, {}));
  v1::BatchImportProductsRequest batch;
  batch.set_import(inventory_.NewImport("products").value());
  v1::ProductRow& row = *batch.add_rows();
  row.set_row(2);
  *row.mutable_product() = *Get("products/bike");
  row.mutable_product()->clear_gtin();
  row.mutable_product()->clear_tracking();
  *batch.add_rows() = row;
  batch.mutable_rows(1)->set_row(3);
  batch.mutable_rows(1)->mutable_product()->set_gtin("96385074");
  *batch.add_rows() = row;
  batch.mutable_rows(2)->set_row(4);
  *batch.mutable_rows(2)->mutable_product()->mutable_components() = Kit("bike", {{"trike", "1"}}).components();
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("ProductService/BatchImportProducts", batch);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->duplicate(), 1);
  ASSERT_THAT(reply->errors(), SizeIs(2));
  for (const api::v1::RowError& error : reply->errors()) {
    EXPECT_EQ(error.column(), error.row() == 3 ? "gtin" : "components");
    EXPECT_EQ(error.reason(), error.row() == 3 ? "ROW_CONFLICT" : "INVALID_FIELD");
  }
}

TEST_F(ProductsTest, TheCostIsTheVendorsSecret) {
  v1::Product change;
  change.set_name("products/bike");
  for (const auto& [from, cost] : {std::pair{"2026-07-01", "520.5"}, std::pair{"2026-01-01", "500"}}) {
    v1::StandardCost& added = *change.add_standard_costs();
    *added.mutable_effective_from() = Day(from);
    *added.mutable_cost() = Amount("CNY", cost);
  }
  ASSERT_OK(Update(change, {"standard_costs"}));
  const auto cost_on = [&](const char* date, const rpc::CallOptions& options) {
    v1::GetStandardCostRequest request;
    request.set_name("products/bike");
    *request.mutable_date() = Day(date);
    return inventory_.Call<v1::StandardCost>("ProductService/GetStandardCost", request, options);
  };
  EXPECT_EQ(cost_on("2026-06-30", As(api::v1::FINANCE))->cost().units(), 500);
  EXPECT_EQ(cost_on("2026-07-01", As(api::v1::AUDITOR))->cost().nanos(), 500000000);
  EXPECT_THAT(cost_on("2025-12-31", As(api::v1::FINANCE)), HasReason(Reason::kNotFound));
  EXPECT_THAT(cost_on("2026-06-30", As(api::v1::PARTNER_USER, "acme")), HasReason(Reason::kPermissionDenied));
  for (const api::v1::Role role :
       {api::v1::CHANNEL_MANAGER, api::v1::FINANCE, api::v1::ADMINISTRATOR, api::v1::SERVICE, api::v1::AUDITOR}) {
    EXPECT_THAT(Get("products/bike", As(role))->standard_costs(), SizeIs(2));
  }
  EXPECT_THAT(Get("products/bike", As(api::v1::PARTNER_USER, "acme"))->standard_costs(), IsEmpty());
  const auto listed = inventory_.Call<v1::ListProductsResponse>(
      "ProductService/ListProducts", v1::ListProductsRequest(), As(api::v1::PARTNER_USER, "acme"));
  ASSERT_OK(listed);
  for (const v1::Product& product : listed->products()) EXPECT_THAT(product.standard_costs(), IsEmpty());
}

TEST_F(ProductsTest, AKitExplodes) {
  ASSERT_OK(inventory_.MakeProducts({"bell", "set", "wheel"}));
  ASSERT_OK(Update(Kit("bike", {{"wheel", "2"}, {"bell", "1"}}), {"components"}));
  ASSERT_OK(Update(Kit("set", {{"bike", "2"}, {"bell", "1"}}), {"components"}));
  EXPECT_THAT(Explode("set", "2026-01-01", "3"), ElementsAre("products/bell=9", "products/wheel=12"));
  EXPECT_THAT(Explode("set", "2025-12-31", "3"), ElementsAre("products/set=3"));
  EXPECT_THAT(Explode("wheel", "2026-01-01", "3"), ElementsAre("products/wheel=3"));

  EXPECT_THAT(Update(Kit("bike", {{"bike", "1"}}), {"components"}), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Update(Kit("bike", {{"wheel", "1000000001"}}), {"components"}), Blames("product.components[0].quantity"));
  EXPECT_THAT(Update(Kit("wheel", {{"set", "1"}}), {"components"}), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Update(Kit("bike", {{"nothing", "1"}}), {"components"}), HasReason(Reason::kReferenceNotFound));
  v1::Product whole;
  whole.set_name("products/wheel");
  *whole.mutable_base_unit_step() = Number("1");
  ASSERT_OK(Update(whole, {"base_unit_step"}));
  EXPECT_THAT(Update(Kit("bike", {{"wheel", "0.5"}}), {"components"}), HasReason(Reason::kNotAMultiple));

  v1::CreateProductRequest create;
  *create.mutable_product() = *Get("products/set");
  create.mutable_product()->clear_name();
  create.set_product_id("crate");
  *create.mutable_product()->mutable_components() = Kit("crate", {{"set", "4"}}).components();
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/CreateProduct", create));
  EXPECT_THAT(Explode("crate", "2026-01-01", "1"), ElementsAre("products/bell=12", "products/wheel=16"));
}

// Two who close a circle from both sides at once: one of them comes too late.
TEST_F(ProductsTest, NoCircleComesOfTwoAtOnce) {
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> made = 0;
    std::vector<std::thread> clients;
    for (const auto& [kit, part] : {std::pair{"bike", "trike"}, std::pair{"trike", "bike"}}) {
      clients.emplace_back([&, kit = kit, part = part] {
        const auto changed = Update(Kit(kit, {{part, "1"}}), {"components"});
        if (changed.ok()) {
          ++made;
        } else {
          EXPECT_THAT(changed, HasReason(Reason::kInvalidField));
        }
      });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(made, 1);
    for (const char* kit : {"bike", "trike"}) ASSERT_OK(Update(Kit(kit, {}), {"components"}));
  }
}

TEST_F(ProductsTest, UnitsConvertExactly) {
  v1::Product whole;
  whole.set_name("products/bike");
  *whole.mutable_base_unit_step() = Number("1");
  ASSERT_OK(Update(whole, {"base_unit_step"}));
  const auto make = [&](const char* id, int64_t num, int64_t den, bool pack) {
    v1::CreateUnitConversionRequest request;
    request.set_parent("products/bike");
    request.set_unit_conversion_id(id);
    request.mutable_unit_conversion()->set_display_name(id);
    request.mutable_unit_conversion()->set_factor_num(num);
    request.mutable_unit_conversion()->set_factor_den(den);
    request.mutable_unit_conversion()->set_pack(pack);
    return inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", request);
  };
  ASSERT_OK(make("box", 12, 0, true));
  ASSERT_OK(make("half", 1, 2, false));
  EXPECT_THAT(make("box", 12, 1, true), HasReason(Reason::kAlreadyExists));
  const auto unit_of = [&](const char* name) {
    v1::GetUnitConversionRequest get;
    get.set_name(name);
    return inventory_.Call<v1::UnitConversion>("UnitConversionService/GetUnitConversion", get);
  };
  const auto half = unit_of("products/bike/units/half");
  ASSERT_OK(half);
  EXPECT_EQ(half->factor_num(), 1);
  EXPECT_EQ(half->factor_den(), 2);
  EXPECT_FALSE(half->pack());
  EXPECT_THAT(unit_of("products/bike/units/each"), HasReason(Reason::kNotFound));
  EXPECT_THAT(unit_of("products/trike/units/half"), HasReason(Reason::kNotFound));
  EXPECT_THAT(unit_of("products/bike"), Blames("name"));
  EXPECT_THAT(make("each", 1, 1, false), HasReason(Reason::kInvalidField)) << "the base unit";
  EXPECT_THAT(make("none", 0, 1, false), HasReason(Reason::kInvalidField));

  EXPECT_EQ(Convert("3", "box")->quantity().value(), "36");
  EXPECT_EQ(Convert("-3", "box")->quantity().value(), "-36");
  EXPECT_EQ(Convert("3", "each")->quantity().value(), "3");
  EXPECT_EQ(Convert("4", "half")->quantity().value(), "2");
  EXPECT_EQ(Convert("4", "half")->base_unit(), "each");
  EXPECT_THAT(Convert("2.5", "box"), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(Convert("3", "half"), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(Convert("0.5", ""), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(Convert("3", "pallet"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Convert("99999999999999999999", "box"), HasReason(Reason::kOverflow));

  v1::UpdateUnitConversionRequest update;
  update.mutable_unit_conversion()->set_name("products/bike/units/box");
  update.mutable_unit_conversion()->set_factor_num(10);
  update.mutable_update_mask()->add_paths("factor_num");
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/UpdateUnitConversion", update));
  EXPECT_EQ(Convert("3", "box")->quantity().value(), "30");
  v1::ListUnitConversionsRequest list;
  list.set_parent("products/bike");
  list.set_filter("pack = true");
  EXPECT_THAT(inventory_.Call<v1::ListUnitConversionsResponse>("UnitConversionService/ListUnitConversions", list)
                  ->unit_conversions(),
              SizeIs(1));
  list.clear_filter();
  list.set_page_size(1);
  const auto page = inventory_.Call<v1::ListUnitConversionsResponse>("UnitConversionService/ListUnitConversions", list);
  ASSERT_OK(page);
  EXPECT_EQ(page->unit_conversions(0).name(), "products/bike/units/box");
  list.set_page_token(page->next_page_token());
  list.set_parent("products/trike");
  EXPECT_THAT(inventory_.Call<v1::ListUnitConversionsResponse>("UnitConversionService/ListUnitConversions", list),
              HasReason(Reason::kPageTokenInvalid));
  list.clear_page_token();
  list.set_parent("products/nothing");
  EXPECT_THAT(inventory_.Call<v1::ListUnitConversionsResponse>("UnitConversionService/ListUnitConversions", list),
              HasReason(Reason::kNotFound));
  v1::DeleteUnitConversionRequest remove;
  remove.set_name("products/bike/units/box");
  ASSERT_OK(inventory_.Call<google::protobuf::Empty>("UnitConversionService/DeleteUnitConversion", remove));
  EXPECT_THAT(Convert("3", "box"), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::inventory
