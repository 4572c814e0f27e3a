// The inventory part of a price cut with late rows and a count: facts in order, reversed, shuffled and doubled, and the
// same figures.

#include <algorithm>
#include <functional>
#include <random>

#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/price_layer.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::SizeIs;

// One fact of the scenario, told through the wire; telling it again changes nothing.
using Tell = std::function<absl::Status(Inventory&)>;

v1::ShipmentLine Line(const char* document, int units, int price, const char* date) {
  v1::ShipmentLine line;
  line.set_partner("partners/acme");
  line.set_document(document);
  line.set_line(1);
  *line.mutable_order_date() = Day(date);
  *line.mutable_ship_date() = Day(date);
  line.set_product("products/bike");
  line.mutable_quantity()->set_value(std::to_string(units));
  *line.mutable_unit_price() = wire::ToProto(Money{"CNY", Decimal::FromInt(price)});
  *line.mutable_net_amount() = wire::ToProto(Money{"CNY", Decimal::FromInt(int64_t{units} * price)});
  return line;
}

Tell Ship(v1::ShipmentLine line) {
  return [line](Inventory& inventory) {
    v1::CreateShipmentRequest request;
    request.set_parent("partners/acme");
    *request.mutable_shipment()->add_lines() = line;
    return inventory.Call<v1::Shipment>("ShipmentService/CreateShipment", request).status();
  };
}

Tell Sale(const char* document, int units, const char* date, const char* customer) {
  return [=](Inventory& inventory) {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent("partners/acme");
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(document);
    sale.set_line(1);
    *sale.mutable_sale_date() = Day(date);
    sale.set_product("products/bike");
    sale.mutable_quantity()->set_value(std::to_string(units));
    sale.set_region("regions/cn-44");
    sale.set_end_customer(customer);
    return inventory.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request).status();
  };
}

Tell Receive(const char* shipment_line, int units, const char* date) {
  return [=](Inventory& inventory) {
    v1::CreateReceiptRequest request;
    request.set_parent("partners/acme");
    v1::ReceiptLine& line = *request.mutable_receipt()->add_lines();
    line.set_document("R1");
    line.set_line(1);
    line.set_shipment_line(shipment_line);
    *line.mutable_receive_date() = Day(date);
    line.set_product("products/bike");
    line.mutable_quantity()->set_value(std::to_string(units));
    return inventory.Call<v1::Receipt>("ReceiptService/CreateReceipt", request).status();
  };
}

// The partner's report of what it has on hand.
Tell ReportOnHand(const char* date, int units) {
  return [=](Inventory& inventory) {
    v1::CreatePartnerReportRequest request;
    request.set_parent("partners/acme");
    v1::PartnerReport& report = *request.mutable_partner_report();
    *report.mutable_coverage()->mutable_from_date() = Day(date);
    *report.mutable_coverage()->mutable_to_date() = Day(date);
    report.set_revision(1);
    request.set_content(StrCat("date,product,quantity,boundary\n", date, ",bike,", units, ",AFTER_CLOSING\n"));
    return inventory.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request).status();
  };
}

// How it writes them.
absl::Status MakeProfile(Inventory& inventory) {
  v1::CreateReportProfileRequest request;
  request.set_parent("partners/acme");
  request.set_report_profile_id("stock");
  request.mutable_report_profile()->set_kind(v1::ReportProfile::ON_HAND);
  request.mutable_report_profile()->set_format(v1::ReportProfile::CSV);
  request.mutable_report_profile()->set_default_profile(true);
  return inventory.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", request).status();
}

Tell Protect() {
  return [](Inventory& inventory) {
    v1::CreatePriceProtectionRequest request;
    request.set_parent("partners/acme");
    v1::PriceProtection& protection = *request.mutable_price_protection();
    protection.set_document("PC-2026-06");
    protection.set_line(1);
    *protection.mutable_effective_date() = Day("2026-06-10");
    protection.set_product("products/bike");
    *protection.mutable_new_price() = wire::ToProto(Money{"CNY", Decimal::FromInt(110)});
    protection.set_in_transit_days(7);
    protection.set_lookback_days(90);
    return inventory.Call<v1::PriceProtection>("PriceLayerService/CreatePriceProtection", request).status();
  };
}

// What a count found to be missing.
Tell Missing(int units, const char* date) {
  return [=](Inventory& inventory) -> absl::Status {
    v1::BatchImportStockMovementsRequest request;
    ASSIGN_OR_RETURN(*request.mutable_import(), inventory.NewImport("movements"));
    v1::StockMovementRow& row = *request.add_rows();
    row.set_row(2);
    *row.mutable_stock_movement() =
        NewMovement("COUNT", 1, v1::StockMovement::ADJUSTMENT, "acme/main", "adjustment", units, date);
    ASSIGN_OR_RETURN(const auto reply, inventory.Call<api::v1::BatchImportResponse>(
                                           "MovementService/BatchImportStockMovements", request));
    return reply.errors().empty() ? absl::OkStatus() : absl::InternalError(reply.DebugString());
  };
}

class PriceLayersTest : public GoodsTest {
 protected:
  static std::string Amount(const google::type::Money& money) {
    return wire::FromProto(money).value_or(Money{"?", Decimal()}).amount.ToFixed(2);
  }
  // "58300.00 of 6500, 500 unexplained".
  static std::string ExposureOf(Inventory& inventory, const rpc::CallOptions& options = {}) {
    v1::GetPriceProtectionExposureRequest request;
    request.set_parent("partners/acme");
    request.set_product("products/bike");
    *request.mutable_effective_date() = Day("2026-06-10");
    request.set_new_price("110");
    request.set_currency_code("CNY");
    request.set_in_transit_days(7);
    request.set_lookback_days(90);
    const auto reply =
        inventory.Call<v1::PriceProtectionExposure>("PriceLayerService/GetPriceProtectionExposure", request, options);
    if (!reply.ok()) return reply.status().ToString();
    return StrCat(Amount(reply->credit()), " of ", reply->book_units().value(), ", ",
                  reply->unexplained_units().value(), " unexplained");
  }
  // "3500 at 115.00, 3000 at 122.00: 768500.00, sold 292500.00".
  static std::string LayersOf(Inventory& inventory, const char* day, int page_size = 2) {
    std::string text;
    v1::ListPriceLayersRequest request;
    request.set_parent("partners/acme");
    request.set_product("products/bike");
    *request.mutable_as_of_date() = Day(day);
    request.set_page_size(page_size);
    while (true) {
      const auto page = inventory.Call<v1::ListPriceLayersResponse>("PriceLayerService/ListPriceLayers", request);
      if (!page.ok()) return page.status().ToString();
      for (const v1::PriceLayer& layer : page->price_layers()) {
        StrAppend(&text, text.empty() ? "" : ", ", layer.remaining().value(), " at ", Amount(layer.unit_price()));
      }
      request.set_page_token(page->next_page_token());
      if (request.page_token().empty()) {
        return StrCat(text, ": ", Amount(page->value()), ", sold ", Amount(page->sold_cost()));
      }
    }
  }
};

TEST_F(PriceLayersTest, APriceCutWithLateRowsAndACountInAnyOrder) {
  v1::ShipmentLine on_its_way = Line("D", 400, 122, "2026-06-08");
  on_its_way.set_awaits_receipt(true);
  const std::vector<Tell> before = {Ship(Line("A", 1000, 120, "2026-03-15")),
                                    Ship(Line("B", 5000, 115, "2026-04-01")),
                                    Ship(Line("C", 3000, 122, "2026-05-01")),
                                    Sale("S0", 2000, "2026-05-20", "EC1"),
                                    Sale("S1", 250, "2026-06-03", "EC1"),
                                    Sale("S4", 250, "2026-06-08", "EC9"),
                                    Ship(on_its_way),
                                    ReportOnHand("2026-06-09", 7000),
                                    Receive("partners/acme/shipments/D/lines/1", 400, "2026-06-12")};
  const std::vector<Tell> after = {Protect(), Sale("S2", 200, "2026-06-15", "EC1"), Sale("S3", 50, "2026-06-16", "EC2"),
                                   Sale("S5", 300, "2026-06-05", "EC3"), Missing(50, "2026-06-30")};
  std::mt19937 random(20260610);
  for (const std::string order : {"in order", "reversed", "shuffled", "doubled"}) {
    SCOPED_TRACE(order);
    std::unique_ptr<mysql::Database> database = testing::FreshDatabase(InventorySchemas());
    TestInventory service(keys_, *database, partners_.address());
    Inventory inventory(service.client());
    ASSERT_OK(inventory.MakeProducts({"bike"}));
    ASSERT_OK(MakeProfile(inventory));
    const auto tell = [&](std::vector<Tell> facts) {
      if (order == "doubled") {
        const std::vector<Tell> once = facts;
        facts.insert(facts.end(), once.begin(), once.end());
      }
      if (order == "reversed") std::reverse(facts.begin(), facts.end());
      if (order == "shuffled" || order == "doubled") std::shuffle(facts.begin(), facts.end(), random);
      for (const Tell& fact : facts) EXPECT_OK(fact(inventory));
    };
    tell(before);
    EXPECT_EQ(ExposureOf(inventory), "58300.00 of 6500, 500 unexplained");
    EXPECT_EQ(LayersOf(inventory, "2026-06-09"), "3500 at 115.00, 3000 at 122.00: 768500.00, sold 292500.00");
    tell(after);
    // Without the protection that is recorded now, and with the late row.
    EXPECT_EQ(LayersOf(inventory, "2026-06-09"), "3200 at 115.00, 3000 at 122.00: 734000.00, sold 327000.00");
    EXPECT_EQ(LayersOf(inventory, "2026-06-30"),
              "2900 at 110.00, 3000 at 110.00, 400 at 110.00: 693000.00, sold 360000.00");
    EXPECT_EQ(LayersOf(inventory, "2026-06-30", 1), LayersOf(inventory, "2026-06-30", 50));
    v1::GetPositionRequest position;
    position.set_name("partners/acme/positions/main.bike");
    EXPECT_EQ(inventory.Call<v1::Position>("LedgerService/GetPosition", position)->on_hand().value(), "6300");
    EXPECT_TRUE(inventory.Check()->balanced());
    v1::ListPriceProtectionsRequest list;
    list.set_parent("partners/acme");
    EXPECT_THAT(inventory.Call<v1::ListPriceProtectionsResponse>("PriceLayerService/ListPriceProtections", list)
                    ->price_protections(),
                SizeIs(1));
  }
}

TEST_F(PriceLayersTest, TheLateRowTruesItUp) {
  ASSERT_OK(MakeProfile(inventory_));
  for (const Tell& fact : {Ship(Line("A", 1000, 120, "2026-03-15")), Ship(Line("B", 5000, 115, "2026-04-01")),
                           Ship(Line("C", 3000, 122, "2026-05-01")), Sale("S0", 2500, "2026-05-20", "EC1")}) {
    ASSERT_OK(fact(inventory_));
  }
  EXPECT_EQ(ExposureOf(inventory_), "53500.00 of 6500, 0 unexplained");
  ASSERT_OK(ReportOnHand("2026-06-09", 7000)(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "53500.00 of 6500, 500 unexplained");
  ASSERT_OK(Sale("S5", 300, "2026-06-05", "EC3")(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "52000.00 of 6200, 800 unexplained");
  // Once it is recorded, the same cut costs nothing more.
  ASSERT_OK(Protect()(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "0.00 of 6200, 800 unexplained");
  EXPECT_EQ(LayersOf(inventory_, "2026-06-10"), "3200 at 110.00, 3000 at 110.00: 682000.00, sold 327000.00");

  // What a cut costs is the vendor's business; its layers are the partner's.
  EXPECT_THAT(ExposureOf(inventory_, As("acme")), ::testing::HasSubstr("PERMISSION_DENIED"));
  v1::ListPriceLayersRequest layers;
  layers.set_parent("partners/acme");
  layers.set_product("products/bike");
  EXPECT_OK(inventory_.Call<v1::ListPriceLayersResponse>("PriceLayerService/ListPriceLayers", layers, As("acme")));
  EXPECT_THAT(inventory_.Call<v1::ListPriceLayersResponse>("PriceLayerService/ListPriceLayers", layers, As("bolt")),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::inventory
