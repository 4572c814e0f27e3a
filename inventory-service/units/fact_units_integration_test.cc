// Facts that state their quantity in a unit of the product: units move in base units, and what was stated is kept.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/units/testing_line_units.h"
#include "tributary/inventory/v1/credit_note.pb.h"
#include "tributary/inventory/v1/direct_sale.pb.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/reservation.pb.h"
#include "tributary/inventory/v1/return_authorization.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// "3 unit_quantity NOT_A_MULTIPLE" of each error.
std::vector<std::string> ErrorsOf(const api::v1::BatchImportResponse& reply) {
  std::vector<std::string> errors;
  for (const api::v1::RowError& error : reply.errors()) {
    errors.push_back(StrCat(error.row(), " ", error.column(), " ", error.reason()));
  }
  return errors;
}

class FactUnitsTest : public LineUnitsTest {
 protected:
  // "24 = 2 box", "24".
  template <typename Line>
  static std::string Told(const Line& line) {
    const std::string& quantity = line.quantity().value();
    return line.unit().empty() ? quantity : StrCat(quantity, " = ", line.unit_quantity().value(), " ", line.unit());
  }
  absl::StatusOr<v1::Shipment> Shipped(const v1::CreateShipmentRequest& request) {
    return inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", request);
  }
  static v1::CreateSellThroughSaleRequest SaleOf(const char* boxes, int line) {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent("partners/acme");
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document("POS-1");
    sale.set_line(line);
    *sale.mutable_sale_date() = On("04-02");
    sale.set_product("products/bike");
    sale.set_region("regions/cn-44");
    *sale.mutable_unit_price() = Yuan(1500);
    InBoxes(boxes, &sale);
    return request;
  }
  absl::StatusOr<v1::SellThroughSale> Sell(const v1::CreateSellThroughSaleRequest& request) {
    return inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request);
  }
};

TEST_F(FactUnitsTest, SalesMoveWhatABoxHoldsAndArePricedByTheBox) {
  ASSERT_OK(Shipped(ShipTwoBoxes("SO1")));
  const auto sold = Sell(SaleOf("1", 1));
  ASSERT_OK(sold);
  EXPECT_EQ(Told(*sold), "12 = 1 box");
  EXPECT_EQ(sold->activity(), v1::SellThroughSale::SALE);
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=12"));
  v1::GetSellThroughTotalsRequest of;
  of.set_parent("partners/acme");
  const auto totals = inventory_.Call<v1::SellThroughTotals>("SellThroughSaleService/GetSellThroughTotals", of);
  ASSERT_OK(totals);
  EXPECT_EQ(totals->units().value(), "12");
  ASSERT_THAT(totals->amounts_at_price(), SizeIs(1));
  EXPECT_EQ(Text(totals->amounts_at_price(0)), "1500");

  // A negative number of boxes is a return, and none that says that it is a sale.
  const auto returned = Sell(SaleOf("-1", 2));
  ASSERT_OK(returned);
  EXPECT_EQ(Told(*returned), "-12 = -1 box");
  EXPECT_EQ(returned->activity(), v1::SellThroughSale::RETURN);
  v1::CreateSellThroughSaleRequest wrong = SaleOf("-1", 3);
  wrong.mutable_sell_through_sale()->set_activity(v1::SellThroughSale::SALE);
  const auto refused = Sell(wrong);
  ASSERT_THAT(DetailOf(refused.status()).violations, SizeIs(1)) << refused.status();
  EXPECT_EQ(DetailOf(refused.status()).violations[0].field, "sell_through_sale.unit_quantity");
  EXPECT_THAT(Sell(SaleOf("0.5", 3)), HasReason(Reason::kNotAMultiple));
  // One told in bikes is not the same statement.
  v1::CreateSellThroughSaleRequest in_bikes = SaleOf("1", 1);
  in_bikes.mutable_sell_through_sale()->clear_unit();
  in_bikes.mutable_sell_through_sale()->clear_unit_quantity();
  in_bikes.mutable_sell_through_sale()->mutable_quantity()->set_value("12");
  EXPECT_THAT(Sell(in_bikes), HasReason(Reason::kRowConflict));

  v1::GetSellThroughSaleRequest get;
  get.set_name("partners/acme/sales/POS-1.1");
  EXPECT_EQ(Told(*inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", get)),
            "12 = 1 box");
  std::vector<std::string> told;
  for (const events::Event& event : Events()) {
    v1::SellThroughSale sale;
    if (event.type != sale.GetTypeName()) continue;
    ASSERT_TRUE(sale.ParseFromString(event.payload));
    told.push_back(Told(sale));
  }
  EXPECT_THAT(told, ElementsAre("12 = 1 box", "-12 = -1 box"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(FactUnitsTest, ReceiptsTakeBoxesOutOfTransit) {
  v1::CreateShipmentRequest ship = ShipTwoBoxes("SO1");
  ship.mutable_shipment()->mutable_lines(0)->set_awaits_receipt(true);
  ASSERT_OK(Shipped(ship));
  v1::CreateReceiptRequest receive;
  receive.set_parent("partners/acme");
  v1::ReceiptLine& line = *receive.mutable_receipt()->add_lines();
  line.set_document("R1");
  line.set_line(1);
  line.set_shipment_line("partners/acme/shipments/SO1/lines/1");
  *line.mutable_receive_date() = On("04-03");
  line.set_product("products/bike");
  InBoxes("1", &line);
  const auto received = inventory_.Call<v1::Receipt>("ReceiptService/CreateReceipt", receive);
  ASSERT_OK(received);
  EXPECT_EQ(Told(received->lines(0)), "12 = 1 box");
  v1::GetReceiptRequest get;
  get.set_name("partners/acme/receipts/R1");
  const auto read = inventory_.Call<v1::Receipt>("ReceiptService/GetReceipt", get);
  ASSERT_OK(read);
  EXPECT_EQ(Told(read->lines(0)), "12 = 1 box");
  ASSERT_THAT(read->transits(), SizeIs(1));
  EXPECT_EQ(read->transits(0).short_quantity().value(), "12");
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=12"));
}

TEST_F(FactUnitsTest, BoxesGoBackAsWhatTheyHold) {
  ASSERT_OK(Shipped(ShipTwoBoxes("SO1")));
  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.set_return_authorization_id("r1");
  create.mutable_return_authorization()->set_disposition(v1::ReturnAuthorization::RESTOCK);
  create.mutable_return_authorization()->set_reason_code("SLOW");
  v1::ReturnLine& line = *create.mutable_return_authorization()->add_lines();
  line.set_original_line("partners/acme/shipments/SO1/lines/1");
  line.set_product("products/bike");
  const auto ask = [&](const char* boxes) {
    InBoxes(boxes, &line);
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create);
  };
  EXPECT_THAT(ask("0.5"), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(ask("3"), HasReason(Reason::kOverReturned));
  const auto made = ask("1");
  ASSERT_OK(made);
  EXPECT_EQ(Told(made->lines(0)), "12 = 1 box");
  v1::GetReturnAuthorizationRequest get;
  get.set_name(made->name());
  const auto read = inventory_.Call<v1::ReturnAuthorization>("ReturnService/GetReturnAuthorization", get);
  ASSERT_OK(read);
  EXPECT_EQ(Told(read->lines(0)), "12 = 1 box");
  line.set_unit("crate");
  create.set_return_authorization_id("r2");
  EXPECT_THAT(inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create),
              Blames("return_authorization.lines[0].unit"));
}

TEST_F(FactUnitsTest, TransfersAndMovementsAreOfBoxes) {
  ASSERT_OK(Shipped(ShipTwoBoxes("SO1")));
  v1::TransferStockRequest transfer;
  transfer.set_parent("partners/acme");
  transfer.set_from_site("partners/acme/sites/main");
  transfer.set_to_site("partners/bolt/sites/main");
  transfer.set_document("T-1");
  *transfer.mutable_effective_date() = On("04-02");
  v1::TransferLine& line = *transfer.add_lines();
  line.set_product("products/bike");
  InBoxes("1", &line);
  const auto moved = inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", transfer);
  ASSERT_OK(moved);
  EXPECT_EQ(Told(moved->stock_movements(0)), "12 = 1 box");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=12", "partners/bolt/positions/main.bike=12"));
  v1::TransferStockRequest more = transfer;
  more.set_document("T-2");
  InBoxes("2", more.mutable_lines(0));
  EXPECT_THAT(inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", more),
              HasReason(Reason::kInsufficientStock));

  v1::BatchImportStockMovementsRequest batch;
  batch.set_import(inventory_.NewImport("movements").value());
  for (const char* boxes : {"1", "0.5", "-1"}) {
    v1::StockMovementRow& row = *batch.add_rows();
    row.set_row(batch.rows_size() + 1);
    v1::StockMovement& movement = *row.mutable_stock_movement();
    movement.set_document("M-1");
    movement.set_line(batch.rows_size());
    *movement.mutable_effective_date() = On("04-02");
    movement.set_product("products/bike");
    movement.set_from_location("partners/acme/sites/main/on_hand");
    movement.set_to_location("scrap");
    movement.set_reason(v1::StockMovement::SCRAP);
    InBoxes(boxes, &movement);
  }
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("MovementService/BatchImportStockMovements", batch);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  EXPECT_THAT(ErrorsOf(*reply),
              ::testing::UnorderedElementsAre("3 unit_quantity NOT_A_MULTIPLE", "4 unit_quantity INVALID_FIELD"));
  v1::GetStockMovementRequest get;
  get.set_name("partners/acme/movements/M-1.1");
  const auto scrapped = inventory_.Call<v1::StockMovement>("MovementService/GetStockMovement", get);
  ASSERT_OK(scrapped);
  EXPECT_EQ(Told(*scrapped), "12 = 1 box");
  // Undone, it is as it was.
  ASSERT_OK(inventory_.UndoImport(batch.import()));
  get.set_name("partners/acme/movements/M-1.1.r1");
  const auto taken_back = inventory_.Call<v1::StockMovement>("MovementService/GetStockMovement", get);
  ASSERT_OK(taken_back);
  EXPECT_EQ(Told(*taken_back), "-12 = -1 box");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(FactUnitsTest, DirectSalesAndCreditNotesFollow) {
  v1::BatchImportDirectSalesRequest direct;
  direct.set_import(inventory_.NewImport("directSales").value());
  for (int number = 1; number <= 2; ++number) {
    v1::DirectSaleRow& row = *direct.add_rows();
    row.set_row(number + 1);
    v1::DirectSale& sale = *row.mutable_direct_sale();
    sale.set_document("D-1");
    sale.set_line(number);
    *sale.mutable_order_date() = On("04-02");
    sale.set_product("products/bike");
    *sale.mutable_unit_price() = Yuan(1500);
    *sale.mutable_net_amount() = Yuan(1500);
    InBoxes("1", &sale);
  }
  direct.mutable_rows(1)->mutable_direct_sale()->set_unit("crate");
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("DirectSaleService/BatchImportDirectSales", direct);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  EXPECT_THAT(ErrorsOf(*reply), ElementsAre("3 unit INVALID_FIELD"));
  v1::GetDirectSaleRequest get;
  get.set_name("directSales/D-1.1");
  const auto sale = inventory_.Call<v1::DirectSale>("DirectSaleService/GetDirectSale", get);
  ASSERT_OK(sale);
  EXPECT_EQ(Told(*sale), "12 = 1 box");

  v1::CreateCreditNoteRequest credit;
  credit.set_parent("partners/acme");
  v1::CreditNoteLine& line = *credit.mutable_credit_note()->add_lines();
  line.set_partner("partners/acme");
  line.set_document("C1");
  line.set_line(1);
  *line.mutable_credit_date() = On("04-02");
  line.set_product("products/bike");
  *line.mutable_net_amount() = *line.mutable_gross_amount() = Yuan(100);
  InBoxes("1", &line);
  ASSERT_OK(inventory_.Call<v1::CreditNote>("CreditNoteService/CreateCreditNote", credit));
  v1::GetCreditNoteRequest get_note;
  get_note.set_name("partners/acme/creditNotes/C1");
  const auto note = inventory_.Call<v1::CreditNote>("CreditNoteService/GetCreditNote", get_note);
  ASSERT_OK(note);
  EXPECT_EQ(Told(note->lines(0)), "12 = 1 box");
}

TEST_F(FactUnitsTest, WhatIsConvertedIsHeldToTheStepOfTheBaseUnit) {
  v1::UpdateProductRequest whole;
  whole.mutable_product()->set_name("products/helmet");
  whole.mutable_product()->mutable_base_unit_step()->set_value("1");
  whole.mutable_update_mask()->add_paths("base_unit_step");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/UpdateProduct", whole));
  v1::CreateUnitConversionRequest half;
  half.set_parent("products/helmet");
  half.set_unit_conversion_id("half");
  half.mutable_unit_conversion()->set_factor_num(1);
  half.mutable_unit_conversion()->set_factor_den(2);
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", half));
  v1::CreateShipmentRequest ship = ShipTwoBoxes("SO1");
  v1::ShipmentLine& line = *ship.mutable_shipment()->mutable_lines(0);
  line.set_product("products/helmet");
  line.set_unit("half");
  line.mutable_unit_quantity()->set_value("3");
  const auto refused = Shipped(ship);
  EXPECT_THAT(refused, HasReason(Reason::kNotAMultiple));
  ASSERT_THAT(DetailOf(refused.status()).violations, SizeIs(1));
  EXPECT_EQ(DetailOf(refused.status()).violations[0].field, "shipment.lines[0].unit_quantity");
  EXPECT_EQ(DetailOf(refused.status()).violations[0].got, "3");
  line.mutable_unit_quantity()->set_value("4");
  const auto shipped = Shipped(ship);
  ASSERT_OK(shipped);
  EXPECT_EQ(Told(shipped->lines(0)), "2 = 4 half");
}

TEST_F(FactUnitsTest, CommandsAreHeldToTheStepOfTheBaseUnitAndFactsAreNot) {
  v1::OrderLine half = Line(1, 1, 720);
  half.mutable_quantity()->set_value("0.5");
  ASSERT_OK(Draft("before", {half}));
  v1::UpdateProductRequest whole;
  whole.mutable_product()->set_name("products/bike");
  whole.mutable_product()->mutable_base_unit_step()->set_value("1");
  whole.mutable_update_mask()->add_paths("base_unit_step");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/UpdateProduct", whole));
  v1::CreateShipmentRequest ship = ShipTwoBoxes("SO1");
  v1::ShipmentLine& shipped = *ship.mutable_shipment()->mutable_lines(0);
  shipped.clear_unit();
  shipped.clear_unit_quantity();
  shipped.mutable_quantity()->set_value("2.5");
  ASSERT_OK(Shipped(ship));

  const auto refused = Draft("after", {half});
  EXPECT_THAT(refused, HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(refused, Blames("order.lines[0].quantity"));
  // What was ordered before stays as it is.
  v1::UpdateDistributorOrderRequest update;
  update.mutable_order()->set_name("partners/acme/orders/before");
  update.mutable_order()->set_route("RESELL");
  update.mutable_update_mask()->add_paths("route");
  EXPECT_OK(inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update));

  v1::TransferStockRequest transfer;
  transfer.set_parent("partners/acme");
  transfer.set_from_site("partners/acme/sites/main");
  transfer.set_to_site("partners/bolt/sites/main");
  *transfer.mutable_effective_date() = On("04-02");
  v1::TransferLine& moved = *transfer.add_lines();
  moved.set_product("products/bike");
  const auto move = [&](const char* bikes) {
    moved.mutable_quantity()->set_value(bikes);
    return inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", transfer);
  };
  EXPECT_THAT(move("0.5"), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(move("0.5"), Blames("lines[0].quantity"));
  EXPECT_OK(move("1"));

  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.mutable_return_authorization()->set_disposition(v1::ReturnAuthorization::RESTOCK);
  create.mutable_return_authorization()->set_reason_code("SLOW");
  v1::ReturnLine& back = *create.mutable_return_authorization()->add_lines();
  back.set_original_line("partners/acme/shipments/SO1/lines/1");
  back.set_product("products/bike");
  const auto ask = [&](const char* bikes) {
    back.mutable_quantity()->set_value(bikes);
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create);
  };
  EXPECT_THAT(ask("1.5"), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(ask("1.5"), Blames("return_authorization.lines[0].quantity"));
  EXPECT_OK(ask("1"));

  v1::CreateReservationRequest hold;
  hold.set_parent("partners/acme");
  hold.set_reservation_id("r1");
  hold.mutable_reservation()->add_lines()->set_product("products/bike");
  hold.mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("1");
  ASSERT_OK(inventory_.Call<v1::Reservation>("ReservationService/CreateReservation", hold));
  v1::PostReservationRequest post;
  post.set_name("partners/acme/reservations/r1");
  post.set_to_location("customer");
  post.add_lines()->set_line(1);
  const auto hand_over = [&](const char* bikes) {
    post.mutable_lines(0)->mutable_quantity()->set_value(bikes);
    return inventory_.Call<v1::Reservation>("ReservationService/PostReservation", post);
  };
  EXPECT_THAT(hand_over("0.5"), HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(hand_over("0.5"), Blames("lines[0].quantity"));
  EXPECT_OK(hand_over("1"));
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=0.5", "partners/bolt/positions/main.bike=1"));
}

TEST_F(FactUnitsTest, ALineThatStandsIsADuplicateWhateverBecameOfItsUnit) {
  const v1::CreateShipmentRequest ship = ShipTwoBoxes("SO1");
  ASSERT_OK(Shipped(ship));
  ASSERT_OK(Sell(SaleOf("1", 1)));
  DropBoxes();
  const auto again = Shipped(ship);
  ASSERT_OK(again);
  EXPECT_EQ(Told(again->lines(0)), "24 = 2 box");
  EXPECT_EQ(Told(*Sell(SaleOf("1", 1))), "12 = 1 box");
  std::vector<v1::ShipmentLine> rows(2, ship.shipment().lines(0));
  rows[1].set_line(2);
  const auto reply = inventory_.Ship(inventory_.NewImport("shipments").value(), rows);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 0);
  EXPECT_EQ(reply->duplicate(), 1);
  EXPECT_THAT(ErrorsOf(*reply), ElementsAre("3 unit INVALID_FIELD"));
  // The same with a quantity beside it that it never was is not the same.
  v1::CreateShipmentRequest other = ship;
  other.mutable_shipment()->mutable_lines(0)->mutable_quantity()->set_value("23");
  EXPECT_THAT(Shipped(other), HasReason(Reason::kInvalidField));
  other.mutable_shipment()->mutable_lines(0)->mutable_quantity()->set_value("24");
  EXPECT_OK(Shipped(other));
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=12"));
}

}  // namespace
}  // namespace tributary::inventory
