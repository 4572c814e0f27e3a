// Lines that state their quantity in a unit of the product: orders, reservations, shipments, invoices.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/units/testing_line_units.h"
#include "tributary/inventory/v1/price_entry.pb.h"
#include "tributary/inventory/v1/price_list.pb.h"
#include "tributary/inventory/v1/reservation.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_F(LineUnitsTest, AnOrderKeepsWhatWasOrderedAndIsDecidedInBaseUnits) {
  Supplied("04-01", 20);
  v1::CreatePriceListRequest list;
  list.set_price_list_id("trade");
  list.mutable_price_list()->set_display_name("Trade");
  ASSERT_OK(inventory_.Call<v1::PriceList>("PriceListService/CreatePriceList", list));
  v1::CreatePriceEntryRequest entry;
  entry.set_parent("priceLists/trade");
  entry.set_price_entry_id("all");
  entry.mutable_price_entry()->set_product("products/bike");
  *entry.mutable_price_entry()->mutable_price() = Yuan(100);
  *entry.mutable_price_entry()->mutable_effective_from() = On("01-01");
  ASSERT_OK(inventory_.Call<v1::PriceEntry>("PriceEntryService/CreatePriceEntry", entry));

  const auto drafted = Draft("o1", {TwoBoxes(1200)});
  ASSERT_OK(drafted);
  EXPECT_EQ(drafted->lines(0).quantity().value(), "24");
  EXPECT_EQ(drafted->lines(0).unit(), "box");
  EXPECT_EQ(drafted->lines(0).unit_quantity().value(), "2");
  const auto placed = Place("o1");
  ASSERT_OK(placed);
  // A box of 12 at 100 each is 1,200.
  const v1::OrderCheck price = CheckOf(*placed, v1::OrderCheck::PRICE);
  EXPECT_EQ(price.outcome(), v1::OrderCheck::PASSED) << price.why();
  EXPECT_EQ(price.limit().value(), "1200");
  EXPECT_THAT(price.why(), ::testing::HasSubstr("list price 100 x 24 for 2 box of priceLists/trade/entries/all"));
  const v1::OrderCheck stock = CheckOf(*placed, v1::OrderCheck::STOCK);
  EXPECT_EQ(stock.outcome(), v1::OrderCheck::PARTIAL);
  EXPECT_EQ(stock.limit().value(), "20");
  EXPECT_EQ(Get("o1")->lines(0).unit_quantity().value(), "2");
  EXPECT_EQ(Confirm("o1")->lines(0).confirmed().value(), "20");

  ASSERT_OK(Draft("o2", {TwoBoxes(1199)}));
  EXPECT_EQ(CheckOf(*Place("o2"), v1::OrderCheck::PRICE).outcome(), v1::OrderCheck::FAILED);

  // An amendment may be in another unit; what is confirmed stays.
  v1::AmendDistributorOrderRequest amend;
  amend.set_name("partners/acme/orders/o1");
  *amend.add_lines() = TwoBoxes(1200);
  InBoxes("3", amend.mutable_lines(0));
  *amend.mutable_lines(0)->mutable_net_amount() = *amend.mutable_lines(0)->mutable_gross_amount() = Yuan(3600);
  const auto amended = inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend);
  ASSERT_OK(amended);
  EXPECT_EQ(amended->lines(0).quantity().value(), "36");
  EXPECT_EQ(amended->lines(0).confirmed().value(), "20");
}

TEST_F(LineUnitsTest, WhatIsNoQuantityOfTheProductIsRefused) {
  const auto refused = [&](const char* field, void (*change)(v1::OrderLine*)) {
    v1::OrderLine line = TwoBoxes(1200);
    change(&line);
    const auto drafted = Draft("no", {line});
    EXPECT_THAT(DetailOf(drafted.status()).violations, SizeIs(1)) << field;
    if (!DetailOf(drafted.status()).violations.empty()) {
      EXPECT_EQ(DetailOf(drafted.status()).violations[0].field, StrCat("order.lines[0].", field));
    }
    return ReasonOf(drafted.status());
  };
  EXPECT_EQ(refused("unit_quantity", [](v1::OrderLine* line) { InBoxes("2.5", line); }), Reason::kNotAMultiple);
  EXPECT_EQ(refused("unit_quantity", [](v1::OrderLine* line) { InBoxes("900000000", line); }), Reason::kOverflow);
  EXPECT_EQ(refused("unit", [](v1::OrderLine* line) { line->set_unit("crate"); }), Reason::kInvalidField);
  EXPECT_EQ(refused("unit_quantity", [](v1::OrderLine* line) { line->clear_unit_quantity(); }), Reason::kInvalidField);
  EXPECT_EQ(refused("quantity", [](v1::OrderLine* line) { line->mutable_quantity()->set_value("2"); }),
            Reason::kInvalidField);
  EXPECT_EQ(refused("quantity",
                    [](v1::OrderLine* line) {
                      line->clear_unit();
                      line->clear_unit_quantity();
                    }),
            Reason::kInvalidField);
}

TEST_F(LineUnitsTest, ADraftIsConvertedAnewAndAPlacedOrderIsNot) {
  ASSERT_OK(Draft("o1", {TwoBoxes(1200)}));
  ASSERT_OK(Draft("o2", {TwoBoxes(1200)}));
  ASSERT_OK(Place("o2"));
  BoxesHold(10);
  v1::UpdateDistributorOrderRequest update;
  update.mutable_order()->set_name("partners/acme/orders/o1");
  update.mutable_order()->set_route("RESELL");
  update.mutable_update_mask()->add_paths("route");
  const auto updated = inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update);
  ASSERT_OK(updated);
  EXPECT_EQ(updated->lines(0).quantity().value(), "20");
  EXPECT_EQ(Get("o2")->lines(0).quantity().value(), "24");
}

TEST_F(LineUnitsTest, ADraftKeepsWhatItCameToWhereItsUnitIsGone) {
  ASSERT_OK(Draft("o1", {TwoBoxes(1200)}));
  DropBoxes();
  v1::UpdateDistributorOrderRequest update;
  update.mutable_order()->set_name("partners/acme/orders/o1");
  update.mutable_order()->set_route("RESELL");
  update.mutable_update_mask()->add_paths("route");
  const auto updated = inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update);
  ASSERT_OK(updated);
  EXPECT_EQ(updated->route(), "RESELL");
  EXPECT_EQ(updated->lines(0).quantity().value(), "24");
  EXPECT_EQ(updated->lines(0).unit(), "box");
  // Another number of them is nothing any more.
  *update.mutable_order()->add_lines() = TwoBoxes(1200);
  InBoxes("3", update.mutable_order()->mutable_lines(0));
  update.mutable_update_mask()->add_paths("lines");
  const auto refused = inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update);
  ASSERT_THAT(DetailOf(refused.status()).violations, SizeIs(1)) << refused.status();
  EXPECT_EQ(DetailOf(refused.status()).violations[0].field, "order.lines[0].unit");
  ASSERT_OK(Place("o1"));
  EXPECT_EQ(Get("o1")->lines(0).quantity().value(), "24");
}

TEST_F(LineUnitsTest, ShipmentsAndInvoicesFollow) {
  const v1::CreateShipmentRequest ship = ShipTwoBoxes("SO1");
  const auto made = inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", ship);
  ASSERT_OK(made);
  EXPECT_EQ(made->lines(0).quantity().value(), "24");
  EXPECT_EQ(made->lines(0).unit(), "box");
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=24"));
  v1::GetShipmentRequest get;
  get.set_name("partners/acme/shipments/SO1");
  const auto read = inventory_.Call<v1::Shipment>("ShipmentService/GetShipment", get);
  ASSERT_OK(read);
  EXPECT_EQ(read->lines(0).unit_quantity().value(), "2");

  // The same line again is the same, whatever a box holds by now; a new line is of what it holds now.
  BoxesHold(10);
  ASSERT_OK(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", ship));
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=24"));
  v1::CreateShipmentRequest other = ship;
  InBoxes("3", other.mutable_shipment()->mutable_lines(0));
  EXPECT_THAT(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", other), HasReason(Reason::kRowConflict));

  const std::string import_name = inventory_.NewImport("shipments").value();
  std::vector<v1::ShipmentLine> rows(4, NewLine("acme", "SO2", 1, "bike", 1));
  for (int i = 0; i < 4; ++i) rows[i].set_line(i + 1);
  InBoxes("1", &rows[0]);
  InBoxes("0.5", &rows[1]);
  InBoxes("-1", &rows[2]);
  InBoxes("1", &rows[3]);
  rows[3].add_serials("S1");
  const auto reply = inventory_.Ship(import_name, rows);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  std::vector<std::string> errors;
  for (const api::v1::RowError& error : reply->errors()) {
    errors.push_back(StrCat(error.row(), " ", error.column(), " ", error.reason()));
  }
  EXPECT_THAT(errors, ::testing::UnorderedElementsAre("3 unit_quantity NOT_A_MULTIPLE", "4 unit_quantity INVALID_FIELD",
                                                      "5 serials INVALID_FIELD"));
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=34"));
  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=24"));
  EXPECT_TRUE(inventory_.Check()->balanced());

  v1::CreateInvoiceRequest bill;
  bill.set_parent("partners/acme");
  v1::InvoiceLine& line = *bill.mutable_invoice()->add_lines();
  line.set_partner("partners/acme");
  line.set_document("I1");
  line.set_line(1);
  *line.mutable_invoice_date() = On("04-02");
  *line.mutable_due_date() = On("05-02");
  line.set_product("products/bike");
  InBoxes("2", &line);
  *line.mutable_net_amount() = *line.mutable_gross_amount() = Yuan(2400);
  const auto billed = inventory_.Call<v1::Invoice>("InvoiceService/CreateInvoice", bill);
  ASSERT_OK(billed);
  v1::GetInvoiceRequest get_invoice;
  get_invoice.set_name("partners/acme/invoices/I1");
  const auto invoice = inventory_.Call<v1::Invoice>("InvoiceService/GetInvoice", get_invoice);
  ASSERT_OK(invoice);
  EXPECT_EQ(invoice->lines(0).quantity().value(), "20");
  EXPECT_EQ(invoice->lines(0).unit(), "box");
  EXPECT_EQ(invoice->lines(0).unit_quantity().value(), "2");
}

TEST_F(LineUnitsTest, AReservationHoldsWhatTheUnitHolds) {
  v1::CreateShipmentRequest ship;
  ship.set_parent("partners/acme");
  *ship.mutable_shipment()->add_lines() = NewLine("acme", "SO1", 1, "bike", 30);
  ASSERT_OK(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", ship));
  const auto reserve = [&](const char* id, const char* boxes) {
    v1::CreateReservationRequest request;
    request.set_parent("partners/acme");
    request.set_reservation_id(id);
    v1::ReservationLine& line = *request.mutable_reservation()->add_lines();
    line.set_product("products/bike");
    InBoxes(boxes, &line);
    return inventory_.Call<v1::Reservation>("ReservationService/CreateReservation", request);
  };
  const auto held = reserve("r1", "2");
  ASSERT_OK(held);
  EXPECT_EQ(held->lines(0).quantity().value(), "24");
  EXPECT_EQ(held->lines(0).unit_quantity().value(), "2");
  EXPECT_THAT(reserve("r2", "1"), HasReason(Reason::kInsufficientStock));
  EXPECT_THAT(reserve("r3", "0.5"), HasReason(Reason::kNotAMultiple));
  v1::GetReservationRequest get;
  get.set_name("partners/acme/reservations/r1");
  const auto read = inventory_.Call<v1::Reservation>("ReservationService/GetReservation", get);
  ASSERT_OK(read);
  EXPECT_EQ(read->lines(0).unit(), "box");
  v1::BatchCreateReservationsRequest batch;
  batch.set_parent("partners/acme");
  v1::CreateReservationRequest& one = *batch.add_requests();
  one.set_parent("partners/acme");
  one.mutable_reservation()->add_lines()->set_product("products/bike");
  one.mutable_reservation()->mutable_lines(0)->set_unit("each");
  one.mutable_reservation()->mutable_lines(0)->mutable_unit_quantity()->set_value("6");
  const auto both =
      inventory_.Call<v1::BatchCreateReservationsResponse>("ReservationService/BatchCreateReservations", batch);
  ASSERT_OK(both);
  EXPECT_EQ(both->reservations(0).lines(0).quantity().value(), "6");
  EXPECT_EQ(both->reservations(0).lines(0).unit(), "") << "the base unit by its name";
}

}  // namespace
}  // namespace tributary::inventory
