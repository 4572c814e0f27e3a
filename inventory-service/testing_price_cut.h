#pragma once

// For tests of a price cut with late rows and a count: its facts, all of partner acme's bikes, and what is told up to
// the cut on 2026-06-10.

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/price_layer.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"

namespace tributary::inventory {

// One fact of the scenario, told through the wire; telling it again changes nothing.
using Tell = std::function<absl::Status(Inventory&)>;

inline v1::ShipmentLine Line(const char* document, int units, int price, const char* date) {
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

inline Tell Ship(v1::ShipmentLine line) {
  return [line](Inventory& inventory) {
    v1::CreateShipmentRequest request;
    request.set_parent("partners/acme");
    *request.mutable_shipment()->add_lines() = line;
    return inventory.Call<v1::Shipment>("ShipmentService/CreateShipment", request).status();
  };
}

inline Tell Sale(const char* document, int units, const char* date, const char* customer) {
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

inline Tell Receive(const char* shipment_line, int units, const char* date) {
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

// The partner's report of what it has on hand; `more` rows as they stand in its file.
inline Tell ReportOnHand(const char* date, int units, const char* more = "") {
  return [=](Inventory& inventory) {
    v1::CreatePartnerReportRequest request;
    request.set_parent("partners/acme");
    v1::PartnerReport& report = *request.mutable_partner_report();
    *report.mutable_coverage()->mutable_from_date() = Day(date);
    *report.mutable_coverage()->mutable_to_date() = Day(date);
    report.set_revision(1);
    request.set_content(StrCat("date,product,quantity,boundary\n", date, ",bike,", units, ",AFTER_CLOSING\n", more));
    return inventory.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request).status();
  };
}

// How it writes them.
inline absl::Status MakeProfile(Inventory& inventory) {
  v1::CreateReportProfileRequest request;
  request.set_parent("partners/acme");
  request.set_report_profile_id("stock");
  request.mutable_report_profile()->set_kind(v1::ReportProfile::ON_HAND);
  request.mutable_report_profile()->set_format(v1::ReportProfile::CSV);
  request.mutable_report_profile()->set_default_profile(true);
  return inventory.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", request).status();
}

inline Tell Protect() {
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
inline Tell Missing(int units, const char* date) {
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

inline std::string Amount(const google::type::Money& money) {
  return wire::FromProto(money).value_or(Money{"?", Decimal()}).amount.ToFixed(2);
}
// "58300.00 of 6500, 500 unexplained".
inline std::string ExposureOf(Inventory& inventory, const rpc::CallOptions& options = {}) {
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
  return StrCat(Amount(reply->credit()), " of ", reply->book_units().value(), ", ", reply->unexplained_units().value(),
                " unexplained");
}
// "3500 at 115.00, 3000 at 122.00: 768500.00, sold 292500.00".
inline std::string LayersOf(Inventory& inventory, const char* day, int page_size = 2) {
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

class PriceCutScenario : public GoodsTest {
 protected:
  // Facts that are told in any order, reversed or doubled.
  using TellAll = std::function<void(std::vector<Tell>)>;

  // What is told of the time before the cut: 6,500 bikes are left by the books and 7,000 by the report, 400 are on
  // their way. What `then` tells and expects is the same for each order, in a service of its own.
  void InAnyOrder(const std::function<void(Inventory&, const TellAll&)>& then) {
    v1::ShipmentLine on_its_way = Line("D", 400, 122, "2026-06-08");
    on_its_way.set_awaits_receipt(true);
    const std::vector<Tell> before = {Ship(Line("A", 1000, 120, "2026-03-15")),
                                      Ship(Line("B", 5000, 115, "2026-04-01")),
                                      Ship(Line("C", 3000, 122, "2026-05-01")),
                                      Sale("S0", 2000, "2026-05-20", "EC1"),
                                      Sale("S1", 250, "2026-06-03", "EC1"),
                                      Sale("S4", 250, "2026-06-08", "EC9"),
                                      Ship(on_its_way),
                                      Receive("partners/acme/shipments/D/lines/1", 400, "2026-06-12"),
                                      ReportOnHand("2026-06-09", 7000)};
    std::mt19937 random(20260610);
    for (const std::string order : {"in order", "reversed", "shuffled", "doubled"}) {
      SCOPED_TRACE(order);
      std::unique_ptr<mysql::Database> database = testing::FreshDatabase(InventorySchemas());
      TestInventory service(keys_, *database, partners_.address());
      Inventory inventory(service.client());
      ASSERT_OK(inventory.MakeProducts({"bike"}));
      ASSERT_OK(MakeProfile(inventory));
      const TellAll tell = [&](std::vector<Tell> facts) {
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
      then(inventory, tell);
    }
  }
};

}  // namespace tributary::inventory
