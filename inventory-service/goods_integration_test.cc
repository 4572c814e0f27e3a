// Goods that move, through the whole service: movements as facts and as a command, lots, serial numbers, recalls.

#include <optional>

#include "common/time/today.h"
#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/count.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using M = v1::StockMovement;

TEST_F(GoodsTest, MovementsAreFactsThatCanBeUndone) {
  Shipped({NewLine("acme", "SO1", 1, "bike", 100)});
  const std::string import_name = inventory_.NewImport("movements").value();
  const std::vector<M> told = {NewMovement("M1", 1, M::QUARANTINE, "acme/main", "acme/main/quarantine", 9),
                               NewMovement("M1", 2, M::RELEASE, "acme/main/quarantine", "acme/main", 4),
                               NewMovement("M1", 3, M::DEMO, "acme/main", "acme/main/demo", 2),
                               NewMovement("M1", 4, M::SCRAP, "acme/main/quarantine", "scrap", 1),
                               NewMovement("M1", 5, M::ADJUSTMENT, "acme/main", "adjustment", 3),
                               NewMovement("M1", 6, M::ROTATION, "acme/main", "vendor", 10),
                               NewMovement("M1", 7, M::TRANSFER, "acme/main", "bolt/east", 20)};
  const auto reply = Move(told, import_name);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 7) << reply->DebugString();
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "60 on hand, 4 quarantine, 2 demo");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/east.bike"), "20 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
  EXPECT_EQ(inventory_.Check()->partner_units().value(), "86");

  // The same again changes nothing; other content under the same key is refused.
  EXPECT_EQ(Move(told, import_name)->duplicate(), 7);
  M other = told[4];
  other.set_reason_code("THEFT");
  const auto conflict = Move({other});
  ASSERT_OK(conflict);
  ASSERT_THAT(conflict->errors(), SizeIs(1));
  EXPECT_EQ(conflict->errors(0).reason(), "ROW_CONFLICT");
  EXPECT_EQ(conflict->errors(0).column(), "reason_code");

  v1::GetStockMovementRequest get;
  get.set_name("partners/acme/movements/M1.7");
  const auto read = inventory_.Call<M>("MovementService/GetStockMovement", get);
  ASSERT_OK(read);
  EXPECT_EQ(read->to_location(), "partners/bolt/sites/east/on_hand");
  EXPECT_EQ(read->import(), import_name);
  v1::ListStockMovementsRequest list;
  list.set_parent("partners/acme");
  list.set_filter("reason = TRANSFER OR reason = SCRAP");
  const auto listed = inventory_.Call<v1::ListStockMovementsResponse>("MovementService/ListStockMovements", list);
  ASSERT_OK(listed);
  EXPECT_THAT(listed->stock_movements(), SizeIs(2));
  std::vector<std::string> events;
  for (const events::Event& event : Events()) {
    if (event.type == M::descriptor()->full_name()) events.push_back(StrCat(event.verb, " ", event.name));
  }
  EXPECT_THAT(events, SizeIs(7));

  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "100 on hand");
  EXPECT_EQ(UnitsAt("partners/bolt/positions/east.bike"), "0 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(GoodsTest, AMovementIsRefusedOnlyWhereItIsMalformed) {
  std::vector<M> told(10, NewMovement("M1", 1, M::TRANSFER, "acme/main", "acme/north", 5));
  for (int i = 0; i < 10; ++i) told[i].set_line(i + 1);
  told[1].set_to_location(told[1].from_location());
  told[2].set_product("products/nothing");
  told[3].mutable_quantity()->set_value("99999999999999999999");
  told[4].mutable_quantity()->set_value("-5");
  told[5].set_from_location("vendor");
  told[5].set_to_location("scrap");
  told[6].set_from_location("partners/nobody/sites/main/on_hand");
  told[7].set_to_location("partners/nobody/sites/main/on_hand");
  told[8].add_serials("S1");
  told[9].clear_reason();
  const auto reply = Move(told);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);  // though nothing lies there that could move
  std::vector<std::string> errors;
  for (const api::v1::RowError& e : reply->errors()) {
    errors.push_back(StrCat(e.row(), " ", e.column(), " ", e.reason()));
  }
  EXPECT_THAT(errors, UnorderedElementsAre("3 to_location INVALID_FIELD", "4 product REFERENCE_NOT_FOUND",
                                           "5 quantity INVALID_FIELD", "6 quantity INVALID_FIELD",
                                           "7 to_location INVALID_FIELD", "8 from_location REFERENCE_NOT_FOUND",
                                           "9 to_location REFERENCE_NOT_FOUND", "10 serials INVALID_FIELD",
                                           "11 reason INVALID_FIELD"));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "-5 on hand");
}

TEST_F(GoodsTest, ATransferIsDecidedOnWhatLiesThere) {
  v1::ShipmentLine line = NewLine("acme", "SO1", 1, "bike", 10);
  Shipped({line});
  line.set_line(2);
  line.set_lot("L1");
  line.mutable_quantity()->set_value("2");
  line.add_serials("S1");
  line.add_serials("S2");
  Shipped({line});
  ASSERT_OK(MakeLot("L1", "2026-06-30"));
  v1::CreateSiteRequest site;
  site.set_parent("partners/acme");
  site.set_site_id("north");
  *site.mutable_site()->mutable_closed_on() = Day("2026-08-01");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", site));

  v1::TransferStockRequest good;
  good.set_parent("partners/acme");
  good.set_from_site("partners/acme/sites/main");
  good.set_to_site("partners/acme/sites/north");
  good.set_document("T1");
  *good.mutable_effective_date() = Day("2026-06-10");
  v1::TransferLine& first = *good.add_lines();
  first.set_product("products/bike");
  first.mutable_quantity()->set_value("4");
  const auto transfer = [&](const v1::TransferStockRequest& request) {
    return inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", request);
  };
  const struct {
    const char* what;
    Reason reason;
    void (*change)(v1::TransferStockRequest& request);
  } kRefused[] = {
      {"to itself", Reason::kSameLocation,
       [](v1::TransferStockRequest& request) { request.set_to_site(request.from_site()); }},
      {"from another's site", Reason::kInvalidField,
       [](v1::TransferStockRequest& request) { request.set_from_site("partners/bolt/sites/main"); }},
      {"no such site", Reason::kReferenceNotFound,
       [](v1::TransferStockRequest& request) { request.set_to_site("partners/acme/sites/south"); }},
      {"no such partner", Reason::kReferenceNotFound,
       [](v1::TransferStockRequest& request) { request.set_to_site("partners/nobody/sites/main"); }},
      {"no such product", Reason::kReferenceNotFound,
       [](v1::TransferStockRequest& request) { request.mutable_lines(0)->set_product("products/nothing"); }},
      {"too many", Reason::kInsufficientStock,
       [](v1::TransferStockRequest& request) { request.mutable_lines(0)->mutable_quantity()->set_value("11"); }},
      {"a negative number", Reason::kInvalidField,
       [](v1::TransferStockRequest& request) { request.mutable_lines(0)->mutable_quantity()->set_value("-1"); }},
      {"expired", Reason::kLotExpired,
       [](v1::TransferStockRequest& request) {
         request.mutable_lines(0)->set_lot("L1");
         *request.mutable_effective_date() = Day("2026-07-01");
       }},
      {"closed", Reason::kSiteClosed,
       [](v1::TransferStockRequest& request) { *request.mutable_effective_date() = Day("2026-08-01"); }},
      {"elsewhere", Reason::kSerialElsewhere,
       [](v1::TransferStockRequest& request) {
         request.mutable_lines(0)->mutable_quantity()->set_value("1");
         request.mutable_lines(0)->add_serials("S9");
       }},
  };
  for (const auto& c : kRefused) {
    v1::TransferStockRequest request = good;
    c.change(request);
    EXPECT_THAT(transfer(request), HasReason(c.reason)) << c.what;
  }
  EXPECT_EQ(UnitsAt("partners/acme/positions/north.bike"), "none");

  v1::TransferLine& second = *good.add_lines();
  second.set_product("products/bike");
  second.set_lot("L1");
  second.mutable_quantity()->set_value("1");
  second.add_serials("S2");
  const auto moved = transfer(good);
  ASSERT_OK(moved);
  ASSERT_THAT(moved->stock_movements(), SizeIs(2));
  EXPECT_EQ(moved->stock_movements(1).name(), "partners/acme/movements/T1.2");
  EXPECT_EQ(moved->stock_movements(1).reason(), M::TRANSFER);
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "7 on hand");
  EXPECT_EQ(UnitsAt("partners/acme/positions/north.bike"), "5 on hand");
  // The same document moves nothing again, though S2 is no longer there.
  ASSERT_OK(transfer(good));
  EXPECT_EQ(UnitsAt("partners/acme/positions/north.bike"), "5 on hand");
  // On to another partner.
  v1::TransferStockRequest over = good;
  over.set_document("T2");
  over.set_from_site("partners/acme/sites/north");
  over.set_to_site("partners/bolt/sites/main");
  over.mutable_lines()->DeleteSubrange(0, 1);
  // Once it is known where that one is at home, its territory must cover it.
  partners_.TellRegion("cn");
  partners_.TellRegion("cn-51", "cn");
  partners_.TellHome("bolt", "cn-51");
  // Until the feed has told, it may be moved: only asked.
  v1::TransferStockRequest asked = over;
  asked.set_validate_only(true);
  ASSERT_TRUE(Eventually([&] { return ReasonOf(transfer(asked).status()) == Reason::kOutsideTerritory; }));
  EXPECT_THAT(transfer(over), HasReason(Reason::kOutsideTerritory));
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.bike.L1"), "none");
  partners_.TellGrant("bolt", "g", {"cn"}, Date::FromYmd(2020, 1, 1).value());
  ASSERT_TRUE(Eventually([&] { return transfer(over).ok(); }));
  EXPECT_EQ(UnitsAt("partners/bolt/positions/main.bike.L1"), "1 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());

  v1::GetSerialUnitRequest get;
  get.set_name("products/bike/serials/S2");
  const auto unit = inventory_.Call<v1::SerialUnit>("TraceService/GetSerialUnit", get);
  ASSERT_OK(unit);
  EXPECT_EQ(unit->location(), "partners/bolt/sites/main/on_hand");
  EXPECT_EQ(unit->lot(), "products/bike/lots/L1");
  EXPECT_EQ(unit->contradictions(), 0);
  EXPECT_THAT(unit->history(), SizeIs(4));
}

// R15: what moves after the day's count moves, and is not taken back by it.
TEST_F(GoodsTest, ATransferAfterTheDaysCountMoves) {
  const Date today = UtcToday(absl::Now());
  for (const char* partner : {"acme", "bolt"}) {
    partners_.Tell(partner);
    v1::GetSiteRequest site;
    site.set_name(StrCat("partners/", partner, "/sites/main"));
    ASSERT_TRUE(Eventually([&] { return inventory_.Call<v1::Site>("SiteService/GetSite", site).ok(); }));
  }
  Shipped({NewLine("acme", "SO1", 1, "bike", 100), NewLine("bolt", "SO2", 1, "bike", 10)});
  const auto counted = [&](const char* partner, const char* units) {
    v1::CreateStockCountRequest create;
    create.set_parent(StrCat("partners/", partner));
    v1::StockCount& count = *create.mutable_count();
    count.set_site(StrCat("partners/", partner, "/sites/main"));
    *count.mutable_date() = wire::ToProto(today);
    count.set_boundary(v1::StockCount::AFTER_CLOSING);
    v1::CountLine& line = *count.add_lines();
    line.set_product("products/bike");
    line.mutable_counted()->set_value(units);
    const auto made = inventory_.Call<v1::StockCount>("StockCountService/CreateStockCount", create, As(partner));
    ASSERT_OK(made);
    v1::SubmitStockCountRequest submit;
    submit.set_name(made->name());
    ASSERT_OK(inventory_.Call<v1::StockCount>("StockCountService/SubmitStockCount", submit, As(partner)));
    v1::ApproveStockCountRequest approve;
    approve.set_name(made->name());
    ASSERT_OK(inventory_.Call<v1::StockCount>("StockCountService/ApproveStockCount", approve));
  };
  // The day on which the units moved; of the day that is told, where one is.
  const auto transfer = [&](const char* document, const char* units, std::optional<Date> told = std::nullopt) {
    v1::TransferStockRequest request;
    request.set_parent("partners/acme");
    request.set_from_site("partners/acme/sites/main");
    request.set_to_site("partners/bolt/sites/main");
    request.set_document(document);
    if (told.has_value()) *request.mutable_effective_date() = wire::ToProto(*told);
    v1::TransferLine& line = *request.add_lines();
    line.set_product("products/bike");
    line.mutable_quantity()->set_value(units);
    const auto moved = inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", request);
    EXPECT_OK(moved);
    return moved.ok() ? wire::FromProto(moved->stock_movements(0).effective_date()).value() : Date();
  };
  const auto lie_there = [&](const char* acme, const char* bolt) {
    EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), StrCat(acme, " on hand"));
    EXPECT_EQ(UnitsAt("partners/bolt/positions/main.bike"), StrCat(bolt, " on hand"));
  };
  EXPECT_EQ(transfer("T1", "5"), today);
  counted("bolt", "16");
  lie_there("95", "16");
  EXPECT_EQ(transfer("T2", "30"), today.AddDays(1)) << "the receiver was counted";
  lie_there("65", "46");
  counted("acme", "90");  // of 95 at the end of today
  lie_there("60", "46");
  EXPECT_EQ(transfer("T3", "30"), today.AddDays(1)) << "both were";
  lie_there("30", "76");
  // The same document is the same movement, whatever day it would be told for by now.
  EXPECT_EQ(transfer("T1", "5"), today);
  // A day that is told stands: what moved before the counts is in them.
  EXPECT_EQ(transfer("T4", "30", today), today);
  lie_there("30", "76");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(GoodsTest, ALotIsFoundAgain) {
  const auto shipped = [](const char* partner, const char* document, int quantity) {
    v1::ShipmentLine line = NewLine(partner, document, 1, "bike", quantity);
    line.set_lot("L9");
    return line;
  };
  Shipped({shipped("acme", "SO1", 100), shipped("bolt", "SO2", 50)});
  ASSERT_OK(MakeLot("L9", "2026-12-31"));
  ASSERT_OK(Sell("acme", NewSale("S", 1, 30, "2026-06-12", "L9")));
  ASSERT_OK(Sell("acme", NewSale("S", 2, -2, "2026-06-13", "L9")));
  ASSERT_OK(Sell("bolt", NewSale("S", 1, 8, "2026-06-13", "L9")));
  ASSERT_OK(Sell("bolt", NewSale("S", 2, 8, "2026-06-13", "L8")));
  M scrapped = NewMovement("M", 1, M::SCRAP, "acme/main", "scrap", 5);
  scrapped.set_lot("L9");
  M back = NewMovement("M", 2, M::ROTATION, "acme/main", "vendor", 10);
  back.set_lot("L9");
  M over = NewMovement("M", 3, M::TRANSFER, "acme/main", "bolt/main", 7);
  over.set_lot("L9");
  Moved({scrapped, back, over});

  v1::RecallLotRequest request;
  request.set_parent("partners/-");
  request.set_product("products/bike");
  request.set_lot("L9");
  const auto recall = inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", request);
  ASSERT_OK(recall);
  ASSERT_THAT(recall->holdings(), SizeIs(2));
  EXPECT_EQ(recall->holdings(0).found().value(), "50");
  EXPECT_EQ(recall->holdings(0).sold().value(), "28");
  EXPECT_EQ(recall->holdings(1).found().value(), "49");
  EXPECT_EQ(recall->total().shipped().value(), "150");
  EXPECT_EQ(recall->total().found().value(), "99");
  EXPECT_EQ(recall->total().sold().value(), "36");
  EXPECT_EQ(recall->total().scrapped().value(), "5");
  EXPECT_EQ(recall->total().returned().value(), "10");
  EXPECT_TRUE(recall->total().balanced());
  ASSERT_THAT(recall->buyers(), SizeIs(3));
  EXPECT_EQ(recall->buyers(0).sale(), "partners/acme/sales/S.1");
  EXPECT_EQ(recall->buyers(0).end_customer(), "EC1");

  // A partner's own people see their own.
  const auto own = inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", request, As("bolt"));
  ASSERT_OK(own);
  ASSERT_THAT(own->holdings(), SizeIs(1));
  EXPECT_EQ(own->holdings(0).partner(), "partners/bolt");
  EXPECT_EQ(own->total().received().value(), "7");
  EXPECT_TRUE(own->total().balanced());
  EXPECT_THAT(own->buyers(), SizeIs(1));
  request.set_parent("partners/acme");
  EXPECT_THAT(inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", request, As("bolt")),
              HasReason(Reason::kPermissionDenied));

  v1::TraceStockRequest trace;
  trace.set_parent("partners/-");
  trace.set_product("products/bike");
  trace.set_lot("L9");
  EXPECT_THAT(inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace)->steps(), SizeIs(9));
  EXPECT_THAT(inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace, As("bolt"))->steps(),
              SizeIs(3));
  trace.set_serial("S1");
  EXPECT_THAT(inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace),
              HasReason(Reason::kInvalidField));

  v1::ListExpiringStockRequest expiring;
  expiring.set_parent("partners/-");
  *expiring.mutable_until_date() = Day("2026-12-30");
  EXPECT_THAT(
      inventory_.Call<v1::ListExpiringStockResponse>("LotService/ListExpiringStock", expiring)->expiring_stock(),
      IsEmpty());
  *expiring.mutable_until_date() = Day("2026-12-31");
  expiring.set_page_size(1);
  std::vector<std::string> lots;
  do {
    const auto page = inventory_.Call<v1::ListExpiringStockResponse>("LotService/ListExpiringStock", expiring);
    ASSERT_OK(page);
    for (const v1::ExpiringStock& next : page->expiring_stock()) {
      lots.push_back(StrCat(next.position().name(), "=", next.position().on_hand().value()));
    }
    expiring.set_page_token(page->next_page_token());
  } while (!expiring.page_token().empty());
  EXPECT_THAT(lots, ElementsAre("partners/acme/positions/main.bike.L9=50", "partners/bolt/positions/main.bike.L9=49"));
}

TEST_F(GoodsTest, AUnitsHolderDoesNotDependOnTheOrderOfFacts) {
  v1::ShipmentLine line = NewLine("acme", "SO1", 1, "bike", 1);
  line.add_serials("S1");
  v1::SellThroughSale sale = NewSale("S", 1, 1, "2026-06-20");
  sale.add_serials("S1");
  M over = NewMovement("M", 1, M::TRANSFER, "acme/main", "bolt/main", 1, "2026-06-10");
  over.add_serials("S1");
  // Backwards: sold before it came.
  ASSERT_OK(Sell("bolt", sale));
  Moved({over});
  Shipped({line});
  v1::TraceStockRequest trace;
  trace.set_parent("partners/-");
  trace.set_product("products/bike");
  trace.set_serial("S1");
  auto told = inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace);
  ASSERT_OK(told);
  EXPECT_EQ(told->location(), "customer");
  ASSERT_THAT(told->steps(), SizeIs(4));
  EXPECT_EQ(told->steps(0).from_location(), "vendor");
  EXPECT_EQ(told->steps(3).cause(), "partners/bolt/sales/S.1");
  told = inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", trace, As("acme"));
  ASSERT_OK(told);
  EXPECT_EQ(told->location(), "");  // it is at somebody else's customer
  EXPECT_THAT(told->steps(), SizeIs(2));

  v1::ListSerialUnitsRequest list;
  list.set_parent("products/bike");
  const auto listed = inventory_.Call<v1::ListSerialUnitsResponse>("TraceService/ListSerialUnits", list);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->serial_units(), SizeIs(1));
  EXPECT_EQ(listed->serial_units(0).contradictions(), 0);

  // Not as many numbers as units, or one twice: malformed.
  sale.set_line(2);
  sale.add_serials("S1");
  EXPECT_THAT(Sell("bolt", sale), HasReason(Reason::kInvalidField));
  sale.mutable_quantity()->set_value("2");
  EXPECT_THAT(Sell("bolt", sale), HasReason(Reason::kInvalidField));
}

TEST_F(GoodsTest, WhatTheVendorDoesNotTakeBackMayBeAskedForAgain) {
  Shipped({NewLine("acme", "SO1", 1, "bike", 10)});
  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.set_return_authorization_id("r1");
  create.mutable_return_authorization()->set_disposition(v1::ReturnAuthorization::RESTOCK);
  create.mutable_return_authorization()->set_reason_code("DEFECTIVE");
  v1::ReturnLine& line = *create.mutable_return_authorization()->add_lines();
  line.set_original_line("partners/acme/shipments/SO1/lines/1");
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("10");
  const auto ask = [&] {
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create);
  };
  ASSERT_OK(ask());
  create.set_return_authorization_id("r2");
  EXPECT_THAT(ask(), HasReason(Reason::kOverReturned));
  v1::RejectReturnAuthorizationRequest reject;
  reject.set_name("partners/acme/returns/r1");
  const auto rejected = [&](const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/RejectReturnAuthorization", reject, options);
  };
  EXPECT_THAT(rejected(As("acme")), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(rejected());
  EXPECT_THAT(rejected(), HasReason(Reason::kStateConflict));
  v1::GetReturnAuthorizationRequest get;
  get.set_name(reject.name());
  const auto read = inventory_.Call<v1::ReturnAuthorization>("ReturnService/GetReturnAuthorization", get, As("acme"));
  ASSERT_OK(read);
  EXPECT_EQ(read->state(), v1::ReturnAuthorization::REJECTED);
  EXPECT_THAT(inventory_.Call<v1::ReturnAuthorization>("ReturnService/GetReturnAuthorization", get, As("bolt")),
              HasReason(Reason::kPermissionDenied));
  ASSERT_OK(ask());
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "10 on hand");
}

TEST_F(GoodsTest, LotsAreReadByProduct) {
  ASSERT_OK(MakeLot("L1", "2026-06-30"));
  ASSERT_OK(MakeLot("L2", "2026-12-31"));
  v1::GetLotRequest get;
  get.set_name("products/bike/lots/L2");
  const auto read = inventory_.Call<v1::Lot>("LotService/GetLot", get);
  ASSERT_OK(read);
  EXPECT_EQ(wire::FromProto(read->expires_on())->ToString(), "2026-12-31");
  get.set_name("products/bike/lots/L3");
  EXPECT_THAT(inventory_.Call<v1::Lot>("LotService/GetLot", get), HasReason(Reason::kNotFound));
  v1::ListLotsRequest list;
  list.set_parent("products/bike");
  list.set_page_size(1);
  std::vector<std::string> names;
  do {
    const auto page = inventory_.Call<v1::ListLotsResponse>("LotService/ListLots", list);
    ASSERT_OK(page);
    for (const v1::Lot& lot : page->lots()) names.push_back(lot.name());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("products/bike/lots/L1", "products/bike/lots/L2"));
}

TEST_F(GoodsTest, GoodsGoBackWhenTheVendorAgrees) {
  Shipped({NewLine("acme", "SO1", 1, "bike", 10)});
  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.set_return_authorization_id("r1");
  v1::ReturnAuthorization& wanted = *create.mutable_return_authorization();
  wanted.set_disposition(v1::ReturnAuthorization::RESTOCK);
  wanted.set_reason_code("DEFECTIVE");
  v1::ReturnLine& line = *wanted.add_lines();
  line.set_original_line("partners/acme/shipments/SO1/lines/1");
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("6");
  const auto ask = [&](const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create, options);
  };
  const auto made = ask(As("acme"));
  ASSERT_OK(made);
  EXPECT_EQ(made->state(), v1::ReturnAuthorization::REQUESTED);
  create.set_return_authorization_id("r2");
  EXPECT_THAT(ask(), HasReason(Reason::kOverReturned));
  EXPECT_THAT(ask(As("bolt")), HasReason(Reason::kPermissionDenied));
  line.mutable_quantity()->set_value("4");
  wanted.set_disposition(v1::ReturnAuthorization::SCRAP);
  ASSERT_OK(ask());

  v1::ReceiveReturnAuthorizationRequest receive;
  receive.set_name("partners/acme/returns/r1");
  *receive.mutable_receive_date() = Day("2026-06-20");
  const auto received = [&] {
    return inventory_.Call<v1::ReturnAuthorization>("ReturnService/ReceiveReturnAuthorization", receive);
  };
  EXPECT_THAT(received(), HasReason(Reason::kStateConflict));
  for (const char* id : {"r1", "r2"}) {
    v1::ApproveReturnAuthorizationRequest approve;
    approve.set_name(StrCat("partners/acme/returns/", id));
    EXPECT_THAT(
        inventory_.Call<v1::ReturnAuthorization>("ReturnService/ApproveReturnAuthorization", approve, As("acme")),
        HasReason(Reason::kPermissionDenied));
    ASSERT_OK(inventory_.Call<v1::ReturnAuthorization>("ReturnService/ApproveReturnAuthorization", approve));
  }
  ASSERT_OK(Sell("acme", NewSale("S", 1, 1, "2026-06-15")));
  ASSERT_OK(received());
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "3 on hand");
  receive.set_name("partners/acme/returns/r2");
  receive.clear_receive_date();
  EXPECT_THAT(received(), HasReason(Reason::kInsufficientStock));
  ASSERT_OK(Sell("acme", NewSale("S", 2, -1, "2026-06-16")));  // a customer brings one back
  const auto by_today = received();
  ASSERT_OK(by_today);
  EXPECT_EQ(wire::FromProto(by_today->receive_date())->ToString(), UtcToday(absl::Now()).ToString());
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "0 on hand");
  EXPECT_TRUE(inventory_.Check()->balanced());
  v1::ListReturnAuthorizationsRequest list;
  list.set_parent("partners/-");
  list.set_filter("state = RECEIVED");
  EXPECT_THAT(inventory_.Call<v1::ListReturnAuthorizationsResponse>("ReturnService/ListReturnAuthorizations", list)
                  ->return_authorizations(),
              SizeIs(2));
  EXPECT_THAT(
      inventory_.Call<v1::ListReturnAuthorizationsResponse>("ReturnService/ListReturnAuthorizations", list, As("bolt"))
          ->return_authorizations(),
      IsEmpty());
}

}  // namespace
}  // namespace tributary::inventory
