// The inventory part of a quarter that will not stay closed (scenario S1): what the books say of a day as known at a
// moment, with late lines, another currency and a linked return; facts in order, reversed, shuffled and doubled.

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "inventory-service/testing_goods.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

v1::ShipmentLine Shipped(const char* document, const char* date, int units, const char* currency, const char* net,
                         const char* original_line = "") {
  v1::ShipmentLine line;
  line.set_partner("partners/acme");
  line.set_document(document);
  line.set_line(1);
  *line.mutable_order_date() = Day(date);
  *line.mutable_ship_date() = Day(date);
  line.set_product("products/bike");
  line.mutable_quantity()->set_value(std::to_string(units));
  *line.mutable_unit_price() = wire::ToProto(Money{currency, Decimal::FromInt(100)});
  *line.mutable_net_amount() = wire::ToProto(Money{currency, Decimal::Parse(net).value()});
  line.set_original_line(original_line);
  return line;
}

const std::vector<v1::ShipmentLine> kFirstClose = {Shipped("L1", "2026-01-15", 400, "CNY", "40000.00"),
                                                   Shipped("L2", "2026-02-20", 350, "USD", "5000.00"),
                                                   Shipped("L3", "2026-03-30", 200, "CNY", "20000.0050")};
const std::vector<v1::ShipmentLine> kAfterTheClose = {Shipped("L4", "2026-03-31", 60, "CNY", "6000.00")};
const std::vector<v1::ShipmentLine> kAfterTheGrace = {
    Shipped("L5", "2026-05-10", 600, "CNY", "60000.00"),
    Shipped("L6", "2026-05-20", -175, "USD", "-2500.00", "partners/acme/shipments/L2/lines/1"),
    Shipped("L7", "2026-02-10", 300, "CNY", "30000.00")};

class ScenarioS1Test : public GoodsTest {
 protected:
  static std::string UnitsOn(Inventory& inventory, const char* day, std::optional<absl::Time> known = std::nullopt) {
    v1::GetPositionRequest request;
    request.set_name("partners/acme/positions/main.bike");
    *request.mutable_as_of_date() = Day(day);
    if (known.has_value()) *request.mutable_known_time() = wire::ToProto(*known);
    const auto position = inventory.Call<v1::Position>("LedgerService/GetPosition", request);
    return position.ok() ? position->on_hand().value() : position.status().ToString();
  }
  static std::vector<std::string> NetOf(Inventory& inventory) {
    v1::GetSellInTotalsRequest request;
    request.set_parent("partners/acme");
    const auto totals = inventory.Call<v1::SellInTotals>("ShipmentService/GetSellInTotals", request);
    if (!totals.ok()) return {totals.status().ToString()};
    std::vector<std::string> net;
    for (const google::type::Money& money : totals->net_amounts()) {
      const Money amount = wire::FromProto(money).value();
      net.push_back(StrCat(amount.currency, " ", amount.amount.ToString()));
    }
    return net;
  }
};

TEST_F(ScenarioS1Test, EachMomentKeepsWhatItKnewInAnyOrder) {
  partners_.Tell("acme");
  std::mt19937 random(20260331);
  for (const std::string order : {"in order", "reversed", "shuffled", "doubled"}) {
    SCOPED_TRACE(order);
    const std::unique_ptr<mysql::Database> database = testing::FreshDatabase(InventorySchemas());
    TestInventory service(keys_, *database, partners_.address());
    Inventory inventory(service.client());
    ASSERT_OK(inventory.MakeProducts({"bike"}));
    const auto tell = [&](std::vector<v1::ShipmentLine> lines) {
      if (order == "doubled") {
        const std::vector<v1::ShipmentLine> once = lines;
        lines.insert(lines.end(), once.begin(), once.end());
      }
      if (order == "reversed") std::reverse(lines.begin(), lines.end());
      if (order == "shuffled" || order == "doubled") std::shuffle(lines.begin(), lines.end(), random);
      for (const v1::ShipmentLine& line : lines) {
        v1::CreateShipmentRequest request;
        request.set_parent("partners/acme");
        *request.mutable_shipment()->add_lines() = line;
        EXPECT_OK(inventory.Call<v1::Shipment>("ShipmentService/CreateShipment", request));
      }
      return absl::Now();
    };
    const absl::Time first_close = tell(kFirstClose), after_the_close = tell(kAfterTheClose);
    const absl::Time after_the_grace = tell(kAfterTheGrace);
    EXPECT_EQ(UnitsOn(inventory, "2026-03-31", first_close), "950");
    EXPECT_EQ(UnitsOn(inventory, "2026-03-31", after_the_close), "1010");
    EXPECT_EQ(UnitsOn(inventory, "2026-03-31", after_the_grace), "1310");
    EXPECT_EQ(UnitsOn(inventory, "2026-07-05", after_the_grace), "1735");
    EXPECT_EQ(UnitsOn(inventory, "2026-07-05"), "1735");
    EXPECT_THAT(NetOf(inventory), ElementsAre("CNY 156000.005", "USD 2500"));
    EXPECT_TRUE(inventory.Check()->balanced());
  }

  // Whatever the order over all of the year, the books end at the same figures.
  std::vector<v1::ShipmentLine> all = kFirstClose;
  for (const auto* more : {&kAfterTheClose, &kAfterTheGrace}) all.insert(all.end(), more->begin(), more->end());
  for (int i = 0; i < 5; ++i) {
    const std::unique_ptr<mysql::Database> database = testing::FreshDatabase(InventorySchemas());
    TestInventory service(keys_, *database, partners_.address());
    Inventory inventory(service.client());
    ASSERT_OK(inventory.MakeProducts({"bike"}));
    std::shuffle(all.begin(), all.end(), random);
    const std::string import = inventory.NewImport("shipments").value();
    for (const v1::ShipmentLine& line : all) ASSERT_OK(inventory.Ship(import, {line, line}));
    EXPECT_EQ(UnitsOn(inventory, "2026-03-31"), "1310");
    EXPECT_EQ(UnitsOn(inventory, "2026-07-05"), "1735");
    EXPECT_THAT(NetOf(inventory), ElementsAre("CNY 156000.005", "USD 2500"));
  }
}

}  // namespace
}  // namespace tributary::inventory
