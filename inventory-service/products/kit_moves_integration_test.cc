// Kits that move without being sold, that go back, that are counted, supplied and reported: all by their parts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/products/testing_kits.h"
#include "tributary/inventory/v1/count.pb.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/reconciliation.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"
#include "tributary/inventory/v1/site.pb.h"
#include "tributary/inventory/v1/supply.pb.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using M = v1::StockMovement;

std::string Text(const absl::Status& status) { return std::string(Std(status.message())); }

class KitMovesTest : public KitTest {
 protected:
  static M SetsMoved(int line, M::Reason reason, const std::string& from, const std::string& to, int quantity,
                     const char* date = "2026-06-10") {
    M movement = NewMovement("M1", line, reason, from, to, quantity, date);
    movement.set_product("products/set");
    return movement;
  }
  // A box is some sets.
  template <typename Line>
  static void InBoxes(const char* boxes, Line* line) {
    line->clear_quantity();
    line->set_unit("box");
    line->mutable_unit_quantity()->set_value(boxes);
  }
  // "4 = 1 box: horn=4 wheel=8"
  template <typename Line>
  static std::string Told(const Line& line) {
    return StrCat(line.quantity().value(), " = ", line.unit_quantity().value(), " ", line.unit(), ": ",
                  StrJoin(Parts(line), " "));
  }
};

TEST_F(KitMovesTest, AMovementOfAKitMovesItsParts) {
  Shipped({Sets("SO1", 1, 20, "2026-05-01"), Sets("SO1", 2, 20, "2026-06-01")});
  const std::string import_name = inventory_.NewImport("movements").value();
  const std::vector<M> told = {SetsMoved(1, M::QUARANTINE, "acme/main", "acme/main/quarantine", 3),
                               SetsMoved(2, M::SCRAP, "acme/main/quarantine", "scrap", 1),
                               SetsMoved(3, M::ADJUSTMENT, "acme/main", "adjustment", 2, "2026-05-20"),
                               SetsMoved(4, M::ROTATION, "acme/main", "vendor", 4),
                               SetsMoved(5, M::TRANSFER, "acme/main", "bolt/main", 5),
                               SetsMoved(6, M::DEMO, "acme/main", "acme/main/demo", 1)};
  const auto reply = Move(told, import_name);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 6) << reply->DebugString();
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "18 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.horn"), "7 on hand, 2 quarantine, 1 demo");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "50 on hand, 4 quarantine, 2 demo");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.horn"), "5 on hand");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.wheel"), "10 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.set"), "none");
  EXPECT_TRUE(inventory_.Check()->balanced());
  v1::GetStockMovementRequest get;
  get.set_name("partners/acme/movements/M1.3");
  const auto read = inventory_.Call<M>("MovementService/GetStockMovement", get);
  ASSERT_OK(read);
  EXPECT_EQ(read->product(), "products/set");
  EXPECT_THAT(Parts(*read), ElementsAre("bell=2", "wheel=4"));
  // Other parts from now on: it is the same movement still, and goes back as it was.
  Consists({{"wheel", 5, "2026-01-01", ""}});
  EXPECT_EQ(Move(told, import_name)->duplicate(), 6);
  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "20 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.horn"), "20 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "80 on hand");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.wheel"), "0 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(KitMovesTest, ATransferOfAKitIsDecidedOnItsParts) {
  Shipped({Sets("SO1", 1, 20, "2026-06-01")});
  v1::TransferStockRequest request;
  request.set_parent("partners/acme");
  request.set_from_site("partners/acme/sites/main");
  request.set_to_site("partners/bolt/sites/main");
  request.set_document("T1");
  *request.mutable_effective_date() = Day("2026-06-10");
  const auto add = [&](const char* product, const char* quantity) {
    v1::TransferLine& line = *request.add_lines();
    line.set_product(StrCat("products/", product));
    line.mutable_quantity()->set_value(quantity);
  };
  const auto transfer = [&] {
    return inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", request);
  };
  add("wheel", "20");
  add("set", "11");
  const auto short_of = transfer();
  EXPECT_THAT(short_of, HasReason(Reason::kInsufficientStock));
  EXPECT_THAT(Text(short_of.status()),
              HasSubstr("lines[1].quantity: got 42 in all, want at most the 40 that are on hand at "
                        "partners/acme/sites/main of products/wheel, a part of 11 products/set"));
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.wheel"), "none");
  request.mutable_lines(1)->mutable_quantity()->set_value("7");
  request.mutable_lines(1)->set_lot("L1");
  EXPECT_THAT(transfer(), HasReason(Reason::kInvalidField));
  request.mutable_lines(1)->clear_lot();
  const auto moved = transfer();
  ASSERT_OK(moved);
  EXPECT_THAT(Parts(moved->stock_movements(1)), ElementsAre("horn=7", "wheel=14"));
  ASSERT_OK(transfer());  // the same document moves nothing again
  // A line more of it is decided by itself, and told by its own place.
  add("wheel", "7");
  EXPECT_THAT(Text(transfer().status()), HasSubstr("lines[2].quantity: got 7 in all, want at most the 6 that"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.horn"), "13 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "6 on hand");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.horn"), "7 on hand");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.wheel"), "34 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
  // Neither it nor a part of it lies in stock.
  request.set_document("T2");
  request.clear_lines();
  add("fitting", "1");
  EXPECT_THAT(transfer(), HasReason(Reason::kReferenceNotFound));
  Consists({{"fitting", 1, "2026-01-01", ""}}, "helmet");
  request.mutable_lines(0)->set_product("products/helmet");
  EXPECT_THAT(transfer(), HasReason(Reason::kReferenceNotFound));
}

TEST_F(KitMovesTest, BoxesOfAKitMoveThePartsOfWhatTheyHold) {
  v1::CreateUnitConversionRequest box;
  box.set_parent("products/set");
  box.set_unit_conversion_id("box");
  box.mutable_unit_conversion()->set_factor_num(4);
  box.mutable_unit_conversion()->set_pack(true);
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", box));
  v1::ShipmentLine shipped = Sets("SO1", 1, 20, "2026-06-01");
  InBoxes("5", &shipped);
  const std::string shipments = inventory_.NewImport("shipments").value();
  ASSERT_EQ(inventory_.Ship(shipments, {shipped})->accepted(), 1);
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "40 on hand");

  M scrapped = SetsMoved(1, M::SCRAP, "acme/main", "scrap", 0);
  InBoxes("1", &scrapped);
  const std::string movements = inventory_.NewImport("movements").value();
  ASSERT_EQ(Move({scrapped}, movements)->accepted(), 1);
  v1::SellThroughSale sale = SetsSold("A", 1, 0, "2026-06-20");
  InBoxes("1", &sale);
  const auto sold = Sell("acme", sale);
  ASSERT_OK(sold);
  EXPECT_EQ(Told(*sold), "4 = 1 box: horn=4 wheel=8");
  v1::TransferStockRequest transfer;
  transfer.set_parent("partners/acme");
  transfer.set_from_site("partners/acme/sites/main");
  transfer.set_to_site("partners/bolt/sites/main");
  transfer.set_document("T1");
  *transfer.mutable_effective_date() = Day("2026-06-10");
  v1::TransferLine& line = *transfer.add_lines();
  line.set_product("products/set");
  const auto handed = [&](const char* boxes) {
    InBoxes(boxes, &line);
    return inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", transfer);
  };
  EXPECT_THAT(handed("4"), HasReason(Reason::kInsufficientStock));  // 16 sets, and parts for 12
  const auto moved = handed("1");
  ASSERT_OK(moved);
  EXPECT_EQ(Told(moved->stock_movements(0)), "4 = 1 box: horn=4 wheel=8");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "16 on hand");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.wheel"), "8 on hand");

  // Whatever a box holds and a set consists of from now on, all that stands stays.
  v1::UpdateUnitConversionRequest more;
  more.mutable_unit_conversion()->set_name("products/set/units/box");
  more.mutable_unit_conversion()->set_factor_num(5);
  more.mutable_update_mask()->add_paths("factor_num");
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/UpdateUnitConversion", more));
  Consists({{"wheel", 3, "2026-01-01", ""}});
  EXPECT_EQ(inventory_.Ship(shipments, {shipped})->duplicate(), 1);
  EXPECT_EQ(Move({scrapped}, movements)->duplicate(), 1);
  EXPECT_EQ(Told(*Sell("acme", sale)), "4 = 1 box: horn=4 wheel=8");
  EXPECT_EQ(Told(handed("1")->stock_movements(0)), "4 = 1 box: horn=4 wheel=8");
  // A return is of boxes as they are now, and of sets as they came.
  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.mutable_return_authorization()->set_disposition(v1::ReturnAuthorization::RESTOCK);
  create.mutable_return_authorization()->set_reason_code("DEFECTIVE");
  v1::ReturnLine& back = *create.mutable_return_authorization()->add_lines();
  back.set_original_line("partners/acme/shipments/SO1/lines/1");
  back.set_product("products/set");
  InBoxes("1", &back);
  const auto asked = inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create);
  ASSERT_OK(asked);
  EXPECT_EQ(Told(asked->lines(0)), "5 = 1 box: horn=5 wheel=10");

  ASSERT_OK(inventory_.UndoImport(movements));
  v1::GetStockMovementRequest get;
  get.set_name("partners/acme/movements/M1.1.r1");
  const auto reversed = inventory_.Call<M>("MovementService/GetStockMovement", get);
  ASSERT_OK(reversed);
  EXPECT_EQ(Told(*reversed), "-4 = -1 box: horn=-4 wheel=-8");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.horn"), "12 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "24 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(KitMovesTest, AnAuthorizedReturnSendsBackWhatCame) {
  Shipped({Sets("SO1", 1, 10, "2026-05-01")});
  Consists({{"wheel", 5, "2026-01-01", ""}});
  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.set_return_authorization_id("r1");
  create.mutable_return_authorization()->set_disposition(v1::ReturnAuthorization::RESTOCK);
  create.mutable_return_authorization()->set_reason_code("DEFECTIVE");
  v1::ReturnLine& line = *create.mutable_return_authorization()->add_lines();
  line.set_original_line("partners/acme/shipments/SO1/lines/1");
  line.set_product("products/set");
  line.mutable_quantity()->set_value("4");
  line.set_lot("L1");
  const auto ask = [&] {
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create);
  };
  EXPECT_THAT(ask(), HasReason(Reason::kInvalidField));
  line.clear_lot();
  const auto made = ask();
  ASSERT_OK(made);
  EXPECT_THAT(Parts(made->lines(0)), ElementsAre("bell=4", "wheel=8"));
  v1::ApproveReturnAuthorizationRequest approve;
  approve.set_name("partners/acme/returns/r1");
  ASSERT_OK(inventory_.Call<v1::ReturnAuthorization>("ReturnService/ApproveReturnAuthorization", approve));
  v1::ReceiveReturnAuthorizationRequest receive;
  receive.set_name("partners/acme/returns/r1");
  *receive.mutable_receive_date() = Day("2026-06-20");
  const auto received = inventory_.Call<v1::ReturnAuthorization>("ReturnService/ReceiveReturnAuthorization", receive);
  ASSERT_OK(received);
  EXPECT_THAT(Parts(received->lines(0)), ElementsAre("bell=4", "wheel=8"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bell"), "6 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "12 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.set"), "none");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(KitMovesTest, WhatHasNoStockOfItsOwnIsNeitherCountedNorSupplied) {
  v1::CreateSiteRequest site;
  site.set_parent("partners/acme");
  site.set_site_id("north");
  site.mutable_site()->set_display_name("North");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", site));
  v1::CreateStockCountRequest count;
  count.set_parent("partners/acme");
  count.mutable_count()->set_site("partners/acme/sites/north");
  count.mutable_count()->set_boundary(v1::StockCount::BEFORE_OPENING);
  *count.mutable_count()->mutable_date() = Day("2026-06-01");
  v1::CountLine& line = *count.mutable_count()->add_lines();
  line.set_product("products/set");
  line.mutable_counted()->set_value("3");
  const auto counted = [&] { return inventory_.Call<v1::StockCount>("StockCountService/CreateStockCount", count); };
  const auto refused = counted();
  EXPECT_THAT(refused, HasReason(Reason::kInvalidField));
  // What lay there before June opened.
  EXPECT_THAT(
      Text(refused.status()),
      HasSubstr("count.lines[0].product: got 'products/set', want a product that is no kit: a kit has no stock of "
                "its own, count its parts, products/bell and products/wheel"));
  *count.mutable_count()->mutable_date() = Day("2025-12-31");
  EXPECT_OK(counted());
  // One that becomes a kit while it is counted.
  line.set_product("products/pump");
  *count.mutable_count()->mutable_date() = Day("2026-06-01");
  const auto open = counted();
  ASSERT_OK(open);
  Consists({{"bell", 1, "2020-01-01", ""}}, "pump");
  v1::SubmitStockCountRequest submit;
  submit.set_name(open->name());
  EXPECT_THAT(inventory_.Call<v1::StockCount>("StockCountService/SubmitStockCount", submit),
              HasReason(Reason::kInvalidField));

  v1::CreateSupplyRequest supply;
  supply.mutable_supply()->set_product("products/set");
  supply.mutable_supply()->mutable_quantity()->set_value("10");
  *supply.mutable_supply()->mutable_available_date() = Day("2026-06-05");
  const auto supplied = [&] { return inventory_.Call<v1::Supply>("SupplyService/CreateSupply", supply); };
  const auto no_supply = supplied();
  EXPECT_THAT(no_supply, HasReason(Reason::kInvalidField));
  EXPECT_THAT(Text(no_supply.status()), HasSubstr("supply its parts, products/horn and products/wheel"));
  *supply.mutable_supply()->mutable_available_date() = Day("2025-12-31");
  ASSERT_OK(supplied());
  // What was stated before it was one may be taken back.
  *supply.mutable_supply()->mutable_available_date() = Day("2026-06-05");
  supply.mutable_supply()->mutable_quantity()->set_value("-10");
  EXPECT_OK(supplied());

  // Of a kit of services as many may be promised as anybody likes.
  Consists({{"fitting", 1, "2026-01-01", ""}}, "helmet");
  v1::CheckAvailabilityRequest check;
  check.set_product("products/helmet");
  check.mutable_quantity()->set_value("1000");
  *check.mutable_date() = Day("2026-06-05");
  const auto available = inventory_.Call<v1::Availability>("SupplyService/CheckAvailability", check);
  ASSERT_OK(available);
  EXPECT_TRUE(available->unlimited());
  EXPECT_FALSE(available->has_available());
  EXPECT_EQ(available->earliest_date().day(), 5);
  // So of a service itself, of which no supply is stated.
  check.set_product("products/fitting");
  const auto at_once = inventory_.Call<v1::Availability>("SupplyService/CheckAvailability", check);
  ASSERT_OK(at_once);
  EXPECT_TRUE(at_once->unlimited());
  EXPECT_EQ(at_once->earliest_date().day(), 5);
  supply.mutable_supply()->set_product("products/fitting");
  EXPECT_THAT(supplied(), HasReason(Reason::kSupplyPromised)) << "to take back what was never stated";
  supply.mutable_supply()->mutable_quantity()->set_value("10");
  const auto of_service = supplied();
  EXPECT_THAT(of_service, HasReason(Reason::kInvalidField));
  EXPECT_THAT(Text(of_service.status()), HasSubstr("products/fitting of kind SERVICE"));
  check.set_product("products/set");
  const auto limited = inventory_.Call<v1::Availability>("SupplyService/CheckAvailability", check);
  ASSERT_OK(limited);
  EXPECT_FALSE(limited->unlimited());
  EXPECT_EQ(limited->available().value(), "0");
}

// Each component that cannot be is refused by its own field, with what is wanted.
TEST_F(KitMovesTest, ComponentsThatCannotBeAreRefused) {
  const auto wants = [&](const std::vector<Of>& components, const char* text, const std::string& kit = "set") {
    const absl::Status refused = TryConsists(components, kit);
    EXPECT_THAT(refused, HasReason(Reason::kInvalidField));
    EXPECT_THAT(Text(refused), HasSubstr(text));
  };
  wants({{"set", 1, "2026-01-01", ""}}, "components[0].product: got 'products/set', want another product than the kit");
  wants({{"wheel", 0, "2026-01-01", ""}}, "components[0].quantity: got '0', want more than 0");
  wants(
      {{"wheel", 2, "2026-01-01", ""}, {"wheel", 3, "2026-06-01", ""}},
      "components[1].effective_from: got '2026-06-01', want days on which components[0] of the same product is not in");
  wants({{"wheel", 2, "2026-01-01", "2026-01-01"}}, "components[0].effective_to");
  wants({{"set", 1, "2030-01-01", ""}}, "within itself', want kits that do not hold themselves", "wheel");
  EXPECT_THAT(TryConsists({{"nothing", 1, "2026-01-01", ""}}), HasReason(Reason::kReferenceNotFound));
  // A service may be part of a kit beside what lies in stock; it moves nothing.
  Consists({{"wheel", 2, "2026-01-01", ""}, {"fitting", 1, "2026-01-01", ""}});
  Shipped({Sets("SO1", 1, 2, "2026-06-01")});
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "4 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.fitting"), "none");
}

// A fitting comes with a wheel, and a helmet with a lesson alone.
TEST_F(KitMovesTest, AKitMovesItsPartsInStockWhateverKindItIsOf) {
  Consists({{"wheel", 1, "2026-01-01", ""}, {"pump", 1, "2026-06-01", ""}}, "fitting");
  ASSERT_OK(inventory_.MakeProducts({"lesson"}));
  v1::UpdateProductRequest service;
  service.mutable_product()->set_name("products/lesson");
  service.mutable_product()->set_kind(v1::Product::SERVICE);
  service.mutable_update_mask()->add_paths("kind");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/UpdateProduct", service));
  Consists({{"lesson", 1, "2026-01-01", ""}}, "helmet");
  const auto line = [](int number, const char* product, int quantity, const char* day) {
    v1::ShipmentLine shipped = NewLine("acme", "SO1", number, product, quantity);
    *shipped.mutable_order_date() = *shipped.mutable_ship_date() = Day(day);
    return shipped;
  };
  Shipped(
      {line(1, "fitting", 3, "2026-06-01"), line(2, "helmet", 2, "2026-06-01"), line(3, "fitting", 4, "2025-12-31")});
  v1::GetShipmentRequest get;
  get.set_name("partners/acme/shipments/SO1");
  const auto read = inventory_.Call<v1::Shipment>("ShipmentService/GetShipment", get);
  ASSERT_OK(read);
  EXPECT_THAT(Parts(read->lines(0)), ElementsAre("pump=3", "wheel=3"));
  EXPECT_EQ(read->lines(1).kit_parts_size(), 0);
  EXPECT_EQ(read->lines(2).kit_parts_size(), 0) << "no kit that day";
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "3 on hand");
  v1::SellThroughSale sale = NewSale("S", 1, 1, "2026-06-05");
  sale.set_product("products/fitting");
  const auto sold = Sell("acme", sale);
  ASSERT_OK(sold);
  EXPECT_THAT(Parts(*sold), ElementsAre("pump=1", "wheel=1"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.wheel"), "2 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.fitting"), "none");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.helmet"), "none");
  EXPECT_TRUE(inventory_.Check()->balanced());
  // What one of it is stays, as its parts were posted by it; of the helmet nothing was.
  const auto in_pairs = [&](const char* product) {
    v1::UpdateProductRequest update;
    update.mutable_product()->set_name(StrCat("products/", product));
    update.mutable_product()->set_base_unit("pair");
    update.mutable_update_mask()->add_paths("base_unit");
    return inventory_.Call<v1::Product>("ProductService/UpdateProduct", update);
  };
  EXPECT_OK(in_pairs("helmet"));
  EXPECT_THAT(in_pairs("wheel"), HasReason(Reason::kInUse));
  Consists({}, "fitting");
  EXPECT_THAT(in_pairs("fitting"), HasReason(Reason::kInUse)) << "also when it is no kit any more";
}

TEST_F(KitMovesTest, WhatIsReportedOfKitsIsReconciledByTheirParts) {
  v1::ShipmentLine loose = NewLine("acme", "SO1", 2, "wheel", 5);
  *loose.mutable_order_date() = *loose.mutable_ship_date() = Day("2026-06-02");
  Shipped({Sets("SO1", 1, 10, "2026-06-02"), loose});
  // Told twice.
  ASSERT_OK(Sell("acme", SetsSold("A", 1, 2, "2026-06-05")));
  ASSERT_OK(Sell("acme", SetsSold("B", 1, 2, "2026-06-05")));
  v1::CreateReportProfileRequest profile;
  profile.set_parent("partners/acme");
  profile.set_report_profile_id("stock");
  profile.mutable_report_profile()->set_kind(v1::ReportProfile::ON_HAND);
  profile.mutable_report_profile()->set_format(v1::ReportProfile::CSV);
  ASSERT_OK(inventory_.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", profile));
  v1::CreatePartnerReportRequest report;
  report.set_parent("partners/acme");
  report.mutable_partner_report()->set_profile("partners/acme/reportProfiles/stock");
  *report.mutable_partner_report()->mutable_coverage()->mutable_from_date() = Day("2026-06-30");
  *report.mutable_partner_report()->mutable_coverage()->mutable_to_date() = Day("2026-06-30");
  report.mutable_partner_report()->set_revision(1);
  report.set_content("date,product,quantity,lot,boundary\n2026-06-30,set,8,,\n2026-06-30,wheel,5,,\n");
  ASSERT_OK(inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", report));
  v1::ListOnHandReportsRequest list;
  list.set_parent("partners/acme");
  list.set_filter("product = \"products/set\"");
  const auto listed = inventory_.Call<v1::ListOnHandReportsResponse>("OnHandReportService/ListOnHandReports", list);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->on_hand_reports_size(), 1);
  EXPECT_EQ(listed->on_hand_reports(0).quantity().value(), "8");
  EXPECT_THAT(Parts(listed->on_hand_reports(0)), ElementsAre("horn=8", "wheel=16"));

  v1::RunReconciliationsRequest run;
  run.set_parent("partners/acme");
  *run.mutable_from_date() = Day("2026-06-01");
  *run.mutable_to_date() = Day("2026-06-30");
  ASSERT_OK(inventory_.Call<v1::RunReconciliationsResponse>("ReconciliationService/RunReconciliations", run));
  const auto reconciled = [&](const char* product) {
    v1::GetReconciliationRequest get;
    get.set_name(StrCat("partners/acme/reconciliations/2026-06-01.2026-06-30.", product));
    const auto one = inventory_.Call<v1::Reconciliation>("ReconciliationService/GetReconciliation", get);
    if (!one.ok()) return std::string("none");
    std::string text = StrCat(v1::Reconciliation::State_Name(one->state()), " ", one->gap().value(), ":");
    for (const v1::ExplainingFact& fact : one->explanation()) {
      StrAppend(&text, " ", fact.fact(), " ", fact.units().value());
    }
    return text;
  };
  EXPECT_EQ(reconciled("horn"), "EXPLAINED 2: partners/acme/sales/B.1 2");
  EXPECT_EQ(reconciled("wheel"), "EXPLAINED 4: partners/acme/sales/B.1 4");
  EXPECT_EQ(reconciled("set"), "none");
}

}  // namespace
}  // namespace tributary::inventory
