// Kits on documents: what they consist of moves in their place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "inventory-service/products/testing_kits.h"
#include "inventory-service/reservations/testing_reservations.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/supply.pb.h"
#include "tributary/inventory/v1/trace.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KitPostingsTest : public KitTest {
 protected:
  ReservationCalls calls_{inventory_};
};

TEST_F(KitPostingsTest, AKitMovesItsPartsOfTheDay) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  const auto shipped = inventory_.Ship(
      import_name, {Sets("SO1", 1, 3, "2026-05-31"), Sets("SO1", 2, 3, "2026-06-01"), Sets("SO1", 3, 1, "2025-12-31")});
  ASSERT_OK(shipped);
  EXPECT_EQ(shipped->accepted(), 3) << shipped->DebugString();
  // Before it consists of anything it is a product like others.
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bell=3", "partners/acme/positions/main.horn=3",
                          "partners/acme/positions/main.set=1", "partners/acme/positions/main.wheel=12"));
  v1::GetShipmentRequest get;
  get.set_name("partners/acme/shipments/SO1");
  const auto read = inventory_.Call<v1::Shipment>("ShipmentService/GetShipment", get);
  ASSERT_OK(read);
  EXPECT_EQ(read->lines(0).product(), "products/set");
  EXPECT_EQ(read->lines(0).quantity().value(), "3");
  EXPECT_THAT(Parts(read->lines(0)), ElementsAre("bell=3", "wheel=6"));
  EXPECT_THAT(Parts(read->lines(1)), ElementsAre("horn=3", "wheel=6"));
  EXPECT_THAT(Parts(read->lines(2)), IsEmpty());
  v1::ListStockPostingsRequest postings;
  postings.set_parent("partners/acme");
  postings.set_filter("product = \"products/bell\"");
  const auto listed = inventory_.Call<v1::ListStockPostingsResponse>("LedgerService/ListStockPostings", postings);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->stock_postings_size(), 1);
  EXPECT_EQ(listed->stock_postings(0).cause(), "partners/acme/shipments/SO1/lines/1");
  // Other parts from now on: what was shipped goes back as it came.
  Consists({{"wheel", 5, "2026-01-01", ""}});
  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bell=0", "partners/acme/positions/main.horn=0",
                          "partners/acme/positions/main.set=0", "partners/acme/positions/main.wheel=0"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(KitPostingsTest, AReturnBringsBackThePartsOfItsSale) {
  Shipped({Sets("SO1", 1, 10, "2026-05-01"), Sets("SO1", 2, 10, "2026-06-01")});
  const auto sold = Sell("acme", SetsSold("S", 1, 4, "2026-05-20"));
  ASSERT_OK(sold);
  EXPECT_THAT(Parts(*sold), ElementsAre("bell=4", "wheel=8"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "6 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "32 on hand");
  // Of the sale's day, though it comes back when a set has a horn; without a sale that is known, of its own.
  v1::SellThroughSale back = SetsSold("S", 2, -1, "2026-06-10");
  back.set_original_sale("partners/acme/sales/S.1");
  const auto returned = Sell("acme", back);
  ASSERT_OK(returned);
  EXPECT_THAT(Parts(*returned), ElementsAre("bell=-1", "wheel=-2"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "7 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.horn"), "10 on hand");
  EXPECT_THAT(Parts(*Sell("acme", SetsSold("S", 3, -1, "2026-06-10"))), ElementsAre("horn=-1", "wheel=-2"));
  // What the vendor takes back, in the same batch as what it shipped.
  v1::ShipmentLine taken_back = Sets("SO2", 2, -1, "2026-06-20");
  taken_back.set_original_line("partners/acme/shipments/SO2/lines/1");
  Shipped({taken_back, Sets("SO2", 1, 2, "2026-05-20")});
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "8 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(KitPostingsTest, AReceiptBringsWhatWasShipped) {
  v1::ShipmentLine line = Sets("SO1", 1, 4, "2026-05-31");
  line.set_awaits_receipt(true);
  Shipped({line});
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "0 on hand, 4 in transit");
  v1::CreateReceiptRequest request;
  request.set_parent("partners/acme");
  v1::ReceiptLine& came = *request.mutable_receipt()->add_lines();
  came.set_document("R1");
  came.set_line(1);
  came.set_shipment_line("partners/acme/shipments/SO1/lines/1");
  *came.mutable_receive_date() = Day("2026-06-05");
  came.set_product("products/set");
  came.mutable_quantity()->set_value("3");
  const auto received = inventory_.Call<v1::Receipt>("ReceiptService/CreateReceipt", request);
  ASSERT_OK(received);
  EXPECT_THAT(Parts(received->lines(0)), ElementsAre("bell=3", "wheel=6"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "3 on hand, 1 in transit");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.horn"), "none");
}

TEST_F(KitPostingsTest, AReservationOfAKitHoldsItsParts) {
  // The kit of any day: reservations are of today.
  Consists({{"wheel", 2, "2020-01-01", ""}, {"bell", 1, "2020-01-01", ""}});
  Shipped({Sets("SO1", 1, 3, "2026-05-31"), NewLine("acme", "SO1", 2, "wheel", 10)});
  const auto held = calls_.Create(NewReservation("r1", "set", 2));
  ASSERT_OK(held);
  ASSERT_EQ(held->lines_size(), 2);
  EXPECT_EQ(held->lines(0).product(), "products/bell");
  EXPECT_EQ(held->lines(0).quantity().value(), "2");
  EXPECT_EQ(held->lines(0).kit(), "products/set");
  EXPECT_EQ(held->lines(0).kit_quantity().value(), "2");
  EXPECT_EQ(held->lines(1).product(), "products/wheel");
  EXPECT_EQ(held->lines(1).quantity().value(), "4");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "1 on hand, 2 reserved");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "12 on hand, 4 reserved");
  EXPECT_EQ(calls_.Get("partners/acme/reservations/r1")->lines(1).kit(), "products/set");

  // What is missing is named: the part, and of what. It is the second line that asks for it.
  v1::CreateReservationRequest more = NewReservation("r2", "wheel", 1);
  AddLine(&more, "set", 2);
  const auto short_of = calls_.Create(more);
  EXPECT_THAT(short_of, HasReason(Reason::kInsufficientStock));
  EXPECT_THAT(std::string(Std(short_of.status().message())),
              HasSubstr("reservation.lines[1].quantity: got 2 in all, want at most the 1 that are free at "
                        "partners/acme/sites/main of products/bell, a part of 2 products/set"));
  v1::CreateReservationRequest of_lot = NewReservation("r3", "set", 1);
  of_lot.mutable_reservation()->mutable_lines(0)->set_lot("L1");
  EXPECT_THAT(calls_.Create(of_lot), HasReason(Reason::kInvalidField));

  ASSERT_OK(calls_.Post("partners/acme/reservations/r1"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "1 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "12 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(KitPostingsTest, AKitIsPromisedByItsParts) {
  const auto supply = [&](const char* product, const char* day, const char* quantity) {
    v1::CreateSupplyRequest request;
    request.mutable_supply()->set_product(StrCat("products/", product));
    *request.mutable_supply()->mutable_available_date() = Day(day);
    request.mutable_supply()->mutable_quantity()->set_value(quantity);
    EXPECT_OK(inventory_.Call<v1::Supply>("SupplyService/CreateSupply", request));
  };
  supply("horn", "2026-06-01", "10");
  supply("wheel", "2026-06-01", "7");
  supply("wheel", "2026-06-20", "100");
  const auto available = [&](const char* product) {
    v1::CheckAvailabilityRequest request;
    request.set_product(StrCat("products/", product));
    *request.mutable_date() = Day("2026-06-05");
    request.mutable_quantity()->set_value("4");
    const auto reply = inventory_.Call<v1::Availability>("SupplyService/CheckAvailability", request);
    EXPECT_OK(reply);
    return reply.value_or(v1::Availability());
  };
  const v1::Availability sets = available("set");
  EXPECT_EQ(sets.available().value(), "3");
  EXPECT_EQ(sets.earliest_date().day(), 20);
  ASSERT_EQ(sets.parts_size(), 2);
  EXPECT_EQ(sets.parts(0).product(), "products/horn");
  EXPECT_EQ(sets.parts(0).available().value(), "10");
  EXPECT_EQ(sets.parts(1).product(), "products/wheel");
  EXPECT_EQ(sets.parts(1).quantity().value(), "2");
  EXPECT_EQ(sets.parts(1).available().value(), "7");
  EXPECT_EQ(sets.parts(1).earliest_date().day(), 20);

  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("o1");
  *create.mutable_order()->mutable_order_date() = Day("2026-06-02");
  *create.mutable_order()->mutable_requested_date() = Day("2026-06-05");
  v1::OrderLine& line = *create.mutable_order()->add_lines();
  line.set_line(1);
  line.set_product("products/set");
  line.mutable_quantity()->set_value("4");
  *line.mutable_list_price() = *line.mutable_net_amount() = *line.mutable_gross_amount() =
      wire::ToProto(Money{"CNY", Decimal()});
  v1::OrderLine& fitted = *create.mutable_order()->add_lines();
  fitted = line;
  fitted.set_line(2);
  fitted.set_product("products/fitting");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CreateDistributorOrder", create));
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/PlaceDistributorOrder", place));
  v1::ConfirmDistributorOrderRequest confirm;
  confirm.set_name(place.name());
  const auto confirmed =
      inventory_.Call<v1::DistributorOrder>("DistributorOrderService/ConfirmDistributorOrder", confirm);
  ASSERT_OK(confirmed);
  EXPECT_EQ(confirmed->lines(0).confirmed().value(), "3");
  EXPECT_EQ(confirmed->lines(1).confirmed().value(), "4") << "a service needs no supply";
  EXPECT_EQ(available("wheel").available().value(), "1");
  EXPECT_EQ(available("horn").available().value(), "7");
  v1::ShipmentLine shipped = Sets("SO1", 1, 1, "2026-06-06");
  shipped.set_order(place.name());
  shipped.set_order_line(1);
  Shipped({shipped});
  EXPECT_EQ(available("wheel").shipped().value(), "2");
  v1::CancelDistributorOrderRequest cancel;
  cancel.set_name(place.name());
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CancelDistributorOrder", cancel));
  EXPECT_EQ(available("wheel").available().value(), "5") << "what was shipped stays promised";
  EXPECT_EQ(available("horn").available().value(), "9");
}

// A fact is kept: what is missing of a part stands below zero, as of any other product.
TEST_F(KitPostingsTest, ASaleMayTakeAPartBelowZero) {
  Shipped({NewLine("acme", "SO1", 1, "wheel", 10)});
  ASSERT_OK(Sell("acme", SetsSold("S", 1, 1, "2026-05-20")));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "-1 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.set"), "none");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

// No line tells of which lots the parts of its kits are: they may be of any.
TEST_F(KitPostingsTest, ARecallTellsWhatMayHaveGoneInKits) {
  Consists({{"wheel", 2, "2020-01-01", ""}, {"bell", 1, "2020-01-01", ""}});
  v1::ShipmentLine wheels = NewLine("acme", "SO1", 1, "wheel", 10);
  wheels.set_lot("L1");
  Shipped({wheels, Sets("SO2", 1, 3, "2026-05-20")});
  v1::SellThroughSale loose = NewSale("S", 2, 2, "2026-05-21", "L1");
  loose.set_product("products/wheel");
  ASSERT_OK(Sell("acme", loose));
  ASSERT_OK(Sell("acme", SetsSold("S", 1, 4, "2026-05-22")));

  v1::RecallLotRequest request;
  request.set_parent("partners/-");
  request.set_product("products/wheel");
  request.set_lot("L1");
  request.set_page_size(1);
  std::vector<std::string> buyers;
  do {
    const auto page = inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", request);
    ASSERT_OK(page);
    ASSERT_EQ(page->holdings_size(), 1);
    EXPECT_EQ(page->total().shipped().value(), "10");
    EXPECT_EQ(page->total().found().value(), "8");
    EXPECT_EQ(page->total().sold().value(), "2");
    EXPECT_TRUE(page->total().balanced());
    // Of the 8 that were sold in sets 2 came as of the lot, or of another one: 6 lie there in all.
    ASSERT_EQ(page->untold_size(), 1);
    EXPECT_EQ(page->untold(0).partner(), "partners/acme");
    EXPECT_EQ(page->untold_total().shipped().value(), "6");
    EXPECT_EQ(page->untold_total().found().value(), "-2");
    EXPECT_EQ(page->untold_total().sold().value(), "8");
    EXPECT_TRUE(page->untold_total().balanced());
    for (const v1::LotBuyer& buyer : page->buyers()) {
      buyers.push_back(StrCat(buyer.sale(), " ", buyer.quantity().value(), " in ", buyer.product(),
                              buyer.lot_untold() ? ", lot untold" : ""));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(buyers, ElementsAre("partners/acme/sales/S.2 2 in products/wheel",
                                  "partners/acme/sales/S.1 8 in products/set, lot untold"));

  v1::TraceStockRequest trace;
  trace.set_parent("partners/-");
  trace.set_product("products/wheel");
  trace.set_lot("L1");
  EXPECT_EQ(inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace)->steps_size(), 2);
  trace.set_with_untold_lots(true);
  EXPECT_EQ(inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace)->steps_size(), 4);
  request.set_product("products/set");
  const auto of_kit = inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", request);
  EXPECT_THAT(of_kit, HasReason(Reason::kInvalidField));
  EXPECT_THAT(std::string(Std(of_kit.status().message())),
              HasSubstr("recall its parts, products/bell and products/wheel"));
}

}  // namespace
}  // namespace tributary::inventory
