// Reservations through the whole service: their life, what is refused, time that runs out, counts that find less.

#include <map>
#include <string>
#include <vector>

#include "common/time/today.h"
#include "inventory-service/reservations/testing_reservations.h"
#include "tributary/inventory/v1/count.pb.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/supply.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReservationTest : public GoodsTest {
 protected:
  ReservationTest() {
    partners_.Tell("acme");
    v1::GetSiteRequest site;  // which counts need; it is made when the feed tells of the partner
    site.set_name("partners/acme/sites/main");
    EXPECT_TRUE(Eventually([&] { return inventory_.Call<v1::Site>("SiteService/GetSite", site).ok(); }));
    Shipped({NewLine("acme", "SO1", 1, "bike", 10), NewLine("acme", "SO1", 2, "helmet", 5)});
  }

  std::string Bikes() { return UnitsAt("partners/acme/positions/main.bike"); }
  std::string Helmets() { return UnitsAt("partners/acme/positions/main.helmet"); }
  static std::string Name(const std::string& id) { return "partners/acme/reservations/" + id; }
  // "created r1", in the order of the feed.
  std::vector<std::string> Told() {
    std::vector<std::string> told;
    for (const events::Event& event : Events()) {
      if (event.type != v1::Reservation::descriptor()->full_name()) continue;
      told.push_back(StrCat(event.verb, " ", event.name.substr(event.name.rfind('/') + 1)));
    }
    return told;
  }
  void MakeSite(const std::string& id, const char* closed_on = nullptr,
                v1::Site::NegativeStock policy = v1::Site::REFUSE) {
    v1::CreateSiteRequest site;
    site.set_parent("partners/acme");
    site.set_site_id(id);
    site.mutable_site()->set_negative_stock(policy);
    if (closed_on != nullptr) *site.mutable_site()->mutable_closed_on() = Day(closed_on);
    ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", site));
  }
  // Counts what lies at acme's main, with somebody's approval.
  void Counted(const char* product, int units, v1::CountLine::CountedBucket bucket, Date day) {
    v1::CreateStockCountRequest request;
    request.set_parent("partners/acme");
    v1::StockCount& count = *request.mutable_count();
    count.set_site("partners/acme/sites/main");
    *count.mutable_date() = wire::ToProto(day);
    count.set_boundary(v1::StockCount::AFTER_CLOSING);
    v1::CountLine& line = *count.add_lines();
    line.set_product(StrCat("products/", product));
    line.set_bucket(bucket);
    line.mutable_counted()->set_value(StrCat(units));
    const auto made = inventory_.Call<v1::StockCount>("StockCountService/CreateStockCount", request);
    ASSERT_OK(made);
    v1::SubmitStockCountRequest submit;
    submit.set_name(made->name());
    const auto submitted = inventory_.Call<v1::StockCount>("StockCountService/SubmitStockCount", submit, As("acme"));
    ASSERT_OK(submitted);
    if (submitted->state() == v1::StockCount::APPROVED) return;  // it found what the books have
    v1::ApproveStockCountRequest approve;
    approve.set_name(made->name());
    ASSERT_OK(inventory_.Call<v1::StockCount>("StockCountService/ApproveStockCount", approve));
  }
  absl::Status MakeOrder(const std::string& id) {
    v1::CreateDistributorOrderRequest request;
    request.set_parent("partners/acme");
    request.set_order_id(id);
    v1::DistributorOrder& order = *request.mutable_order();
    *order.mutable_order_date() = *order.mutable_requested_date() = Day("2026-06-01");
    v1::OrderLine& line = *order.add_lines();
    line.set_line(1);
    line.set_product("products/bike");
    line.mutable_quantity()->set_value("1");
    for (auto* amount : {line.mutable_list_price(), line.mutable_net_amount(), line.mutable_gross_amount()}) {
      *amount = wire::ToProto(Money{"CNY", Decimal::FromInt(10)});
    }
    return inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CreateDistributorOrder", request).status();
  }
  v1::LedgerBalance Balance() { return inventory_.Check().value(); }

  ReservationCalls calls_{inventory_};
};

TEST_F(ReservationTest, HeldPostedVoided) {
  v1::CreateReservationRequest create = NewReservation("r1", "bike", 4);
  AddLine(&create, "helmet", 2);
  create.mutable_reservation()->set_document("SO-4711");
  create.set_request_id(Uuid::New(absl::Now()).ToString());
  const auto made = calls_.Create(create, As("acme"));
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), Name("r1"));
  EXPECT_EQ(made->state(), v1::Reservation::HELD);
  EXPECT_EQ(made->lines(1).line(), 2);
  EXPECT_EQ(made->lines(1).site(), "partners/acme/sites/main");
  EXPECT_EQ(Bikes(), "6 on hand, 4 reserved");
  EXPECT_EQ(Helmets(), "3 on hand, 2 reserved");
  // The same call again is answered as before, another by the same name refused, and neither holds more.
  EXPECT_EQ(calls_.Create(create, As("acme"))->uid(), made->uid());
  create.clear_request_id();
  EXPECT_THAT(calls_.Create(create, As("acme")), HasReason(Reason::kAlreadyExists));
  create.set_reservation_id("r2");
  create.set_validate_only(true);
  EXPECT_OK(calls_.Create(create));
  EXPECT_EQ(Bikes(), "6 on hand, 4 reserved");
  // No unit of one line where another has too few.
  create.set_validate_only(false);
  create.mutable_reservation()->mutable_lines(1)->mutable_quantity()->set_value("4");
  EXPECT_THAT(calls_.Create(create), HasReason(Reason::kInsufficientStock));
  EXPECT_EQ(Bikes(), "6 on hand, 4 reserved");
  EXPECT_THAT(calls_.Get(Name("r2")), HasReason(Reason::kNotFound));

  // Three of the four bikes go to the customer, the fourth and the helmets are free again.
  v1::PostReservationRequest post;
  post.set_name(Name("r1"));
  post.set_request_id(Uuid::New(absl::Now()).ToString());
  v1::PostPart& part = *post.add_lines();
  part.set_line(1);
  part.mutable_quantity()->set_value("3");
  post.set_etag("\"v7\"");
  EXPECT_THAT(calls_.Post(post), HasReason(Reason::kEtagMismatch));
  post.set_etag(made->etag());
  const auto posted = calls_.Post(post, As("acme"));
  ASSERT_OK(posted);
  EXPECT_EQ(posted->state(), v1::Reservation::POSTED);
  EXPECT_EQ(posted->to_location(), "customer");
  EXPECT_EQ(posted->lines(0).posted().value(), "3");
  EXPECT_EQ(posted->lines(1).posted().value(), "0");
  EXPECT_EQ(Bikes(), "7 on hand");
  EXPECT_EQ(Helmets(), "5 on hand");
  EXPECT_EQ(calls_.Post(post, As("acme"))->etag(), posted->etag());
  EXPECT_THAT(calls_.Post(Name("r1")), HasReason(Reason::kStateConflict));
  EXPECT_THAT(calls_.Void(Name("r1")), HasReason(Reason::kStateConflict));

  ASSERT_OK(calls_.Create(NewReservation("r3", "bike", 7)));
  EXPECT_EQ(Bikes(), "0 on hand, 7 reserved");
  EXPECT_THAT(calls_.Create(NewReservation("r4", "bike", 1)), HasReason(Reason::kInsufficientStock));
  const auto voided = calls_.Void(Name("r3"));
  ASSERT_OK(voided);
  EXPECT_EQ(voided->state(), v1::Reservation::VOIDED);
  EXPECT_EQ(Bikes(), "7 on hand");

  EXPECT_THAT(Told(), ElementsAre("created r1", "posted r1", "created r3", "voided r3"));
  EXPECT_THAT(calls_.List("state = POSTED"), ElementsAre("r1"));
  EXPECT_THAT(calls_.List("document = \"SO-4711\""), ElementsAre("r1"));
  EXPECT_THAT(calls_.List("", 1), ElementsAre("r1", "r3"));
  EXPECT_THAT(calls_.Get(Name("r1"), As("bolt")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(calls_.Post(Name("r1"), As("bolt")), HasReason(Reason::kPermissionDenied));
  EXPECT_TRUE(Balance().balanced());
  EXPECT_EQ(Balance().partner_units().value(), "12");
}

TEST_F(ReservationTest, WhatIsRefused) {
  MakeSite("old", "2020-01-01");
  MakeSite("north");
  v1::ShipmentLine line = NewLine("acme", "SO2", 1, "bike", 2);
  line.set_lot("L1");
  Shipped({line});
  ASSERT_OK(MakeLot("L1", "2020-01-01"));
  ASSERT_OK(MakeOrder("draft"));
  using R = v1::CreateReservationRequest;
  const struct {
    const char* what;
    Reason reason;
    void (*change)(R& request);
  } kRefused[] = {
      {"no lines", Reason::kInvalidField, [](R& r) { r.mutable_reservation()->clear_lines(); }},
      {"nothing", Reason::kInvalidField,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("0"); }},
      {"less than nothing", Reason::kInvalidField,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("-1"); }},
      {"too large", Reason::kInvalidField,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("99999999999999999999"); }},
      {"another's site", Reason::kInvalidField,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_site("partners/bolt/sites/main"); }},
      {"another's order", Reason::kInvalidField,
       [](R& r) { r.mutable_reservation()->set_order("partners/bolt/orders/one"); }},
      {"fewer serials than units", Reason::kInvalidField,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->add_serials("S1"); }},
      {"over", Reason::kInvalidField,
       [](R& r) { *r.mutable_reservation()->mutable_expire_time() = wire::ToProto(absl::Now() - absl::Hours(1)); }},
      {"no such partner", Reason::kReferenceNotFound, [](R& r) { r.set_parent("partners/nobody"); }},
      {"no such product", Reason::kReferenceNotFound,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_product("products/nothing"); }},
      {"a service", Reason::kReferenceNotFound,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_product("products/fitting"); }},
      {"no such site", Reason::kReferenceNotFound,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_site("partners/acme/sites/south"); }},
      {"no such order", Reason::kReferenceNotFound,
       [](R& r) { r.mutable_reservation()->set_order("partners/acme/orders/none"); }},
      {"a draft", Reason::kStateConflict,
       [](R& r) { r.mutable_reservation()->set_order("partners/acme/orders/draft"); }},
      {"a closed site", Reason::kSiteClosed,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_site("partners/acme/sites/old"); }},
      {"an expired lot", Reason::kLotExpired, [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_lot("L1"); }},
      {"a unit that is elsewhere", Reason::kSerialElsewhere,
       [](R& r) {
         r.mutable_reservation()->mutable_lines(0)->add_serials("S1");
         r.mutable_reservation()->mutable_lines(0)->add_serials("S2");
       }},
      {"more than there is", Reason::kInsufficientStock,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("11"); }},
      {"where nothing lies", Reason::kInsufficientStock,
       [](R& r) { r.mutable_reservation()->mutable_lines(0)->set_site("partners/acme/sites/north"); }},
      {"the same twice, more together than there is", Reason::kInsufficientStock,
       [](R& r) {
         r.mutable_reservation()->mutable_lines(0)->mutable_quantity()->set_value("6");
         AddLine(&r, "helmet", 1);
         AddLine(&r, "bike", 5);
       }},
  };
  for (const auto& c : kRefused) {
    R request = NewReservation("r", "bike", 2);
    c.change(request);
    EXPECT_THAT(calls_.Create(request), HasReason(c.reason)) << c.what;
  }
  EXPECT_EQ(Bikes(), "12 on hand");  // of all lots
  EXPECT_THAT(calls_.List(""), IsEmpty());
  EXPECT_THAT(Told(), IsEmpty());

  ASSERT_OK(calls_.Create(NewReservation("r", "bike", 2)));
  v1::PostReservationRequest post;
  post.set_name(Name("r"));
  for (const char* to : {"vendor", "elsewhere", "partners/bolt/sites/main/on_hand", "partners/acme/sites/north/demo"}) {
    post.set_to_location(to);
    EXPECT_THAT(calls_.Post(post), HasReason(Reason::kInvalidField)) << to;
  }
  post.set_to_location("partners/acme/sites/south/on_hand");
  EXPECT_THAT(calls_.Post(post), HasReason(Reason::kReferenceNotFound));
  post.set_to_location("partners/acme/sites/main/on_hand");
  EXPECT_THAT(calls_.Post(post), HasReason(Reason::kSameLocation));
  EXPECT_THAT(calls_.Extend(Name("r"), absl::Now()), HasReason(Reason::kInvalidField));
  post.set_to_location("partners/acme/sites/north/on_hand");
  ASSERT_OK(calls_.Post(post));
  EXPECT_EQ(UnitsAt("partners/acme/positions/north.bike"), "2 on hand");
  EXPECT_TRUE(Balance().balanced());
}

TEST_F(ReservationTest, BackOrdersWhereTheSiteAllowsThem) {
  MakeSite("north", nullptr, v1::Site::BACK_ORDER);
  v1::CreateReservationRequest create = NewReservation("r", "bike", 2);
  AddLine(&create, "bike", 3, "north");
  ASSERT_OK(calls_.Create(create));
  EXPECT_EQ(UnitsAt("partners/acme/positions/north.bike"), "-3 on hand, 3 reserved");
  const auto held = calls_.Get(Name("r"));
  ASSERT_OK(held);
  EXPECT_TRUE(held->short_of_stock());
  EXPECT_FALSE(held->lines(0).has_missing());
  EXPECT_EQ(held->lines(1).missing().value(), "3");
}

// Two processes on one database, and time that runs out.
TEST_F(ReservationTest, TimeRunsOutOnceWhoeverLooks) {
  TestInventory other(keys_, *database_, partners_.address());
  const absl::Time soon = absl::Now() + absl::Seconds(3);
  for (int i = 0; i < 10; ++i) {
    v1::CreateReservationRequest create = NewReservation(StrCat("r", i), "bike", 1);
    *create.mutable_reservation()->mutable_expire_time() = wire::ToProto(soon);
    ASSERT_OK(calls_.Create(create));
  }
  EXPECT_EQ(Bikes(), "0 on hand, 10 reserved");
  ASSERT_OK(calls_.Extend(Name("r0"), absl::Now() + absl::Hours(1)));
  ASSERT_TRUE(Eventually([&] { return calls_.Get(Name("r1"))->state() == v1::Reservation::EXPIRED; }));
  // Whether its units have been moved back or not.
  EXPECT_THAT(calls_.Post(Name("r1")), HasReason(Reason::kReservationExpired));
  EXPECT_THAT(calls_.Void(Name("r2")), HasReason(Reason::kReservationExpired));
  EXPECT_THAT(calls_.Extend(Name("r3"), absl::Now() + absl::Hours(1)), HasReason(Reason::kReservationExpired));
  EXPECT_THAT(calls_.List("state = EXPIRED"), SizeIs(9));
  EXPECT_THAT(calls_.List("state = HELD"), ElementsAre("r0"));
  EXPECT_OK(other.reservation_expiry().ExpireDue());
  EXPECT_OK(service_.reservation_expiry().ExpireDue());
  EXPECT_EQ(Bikes(), "9 on hand, 1 reserved");
  std::map<std::string, int> told;
  for (const std::string& one : Told()) ++told[one];
  EXPECT_EQ(told.size(), 10u + 1 + 9);
  for (const auto& [what, times] : told) EXPECT_EQ(times, 1) << what;
  ASSERT_OK(calls_.Post(Name("r0")));
  EXPECT_EQ(Bikes(), "9 on hand");
  EXPECT_TRUE(Balance().balanced());
}

TEST_F(ReservationTest, ACountBelowReservationsFlagsThemAndVoidsNone) {
  ASSERT_OK(calls_.Create(NewReservation("r1", "bike", 5)));
  ASSERT_OK(calls_.Create(NewReservation("r2", "bike", 3)));
  ASSERT_OK(calls_.Create(NewReservation("helmets", "helmet", 5)));
  EXPECT_FALSE(calls_.Get(Name("r1"))->short_of_stock());
  // Eight are reserved; of the ten bikes six are found.
  Counted("bike", 6, v1::CountLine::ALL, UtcToday(absl::Now()));
  EXPECT_EQ(Bikes(), "-2 on hand, 8 reserved");
  for (const char* id : {"r1", "r2"}) {
    const auto held = calls_.Get(Name(id));
    ASSERT_OK(held);
    EXPECT_EQ(held->state(), v1::Reservation::HELD);
    EXPECT_TRUE(held->short_of_stock());
    EXPECT_EQ(held->lines(0).missing().value(), "2");
  }
  EXPECT_FALSE(calls_.Get(Name("helmets"))->short_of_stock());
  EXPECT_THAT(calls_.List("short_of_stock = true AND state = HELD"), ElementsAre("r1", "r2"));
  EXPECT_THAT(calls_.List("short_of_stock = false"), ElementsAre("helmets"));

  // Five of the six go; with the last one, and what the next count finds, the other can be posted in part.
  EXPECT_THAT(calls_.Create(NewReservation("r3", "bike", 1)), HasReason(Reason::kInsufficientStock));
  ASSERT_OK(calls_.Post(Name("r1")));
  EXPECT_EQ(Bikes(), "-2 on hand, 3 reserved");
  EXPECT_THAT(calls_.Post(Name("r2")), HasReason(Reason::kInsufficientStock));
  v1::PostReservationRequest part;
  part.set_name(Name("r2"));
  part.add_lines()->set_line(1);
  part.mutable_lines(0)->mutable_quantity()->set_value("1");
  ASSERT_OK(calls_.Post(part));
  EXPECT_EQ(Bikes(), "0 on hand");
  EXPECT_THAT(calls_.List("short_of_stock = true"), IsEmpty());
  EXPECT_TRUE(Balance().balanced());
}

// What moves after a count of today is not in the count: it must not be taken for what the count should have found.
TEST_F(ReservationTest, WhatMovesAfterTheDaysCountMoves) {
  ASSERT_OK(calls_.Create(NewReservation("before", "bike", 2)));
  Counted("bike", 8, v1::CountLine::ON_HAND, UtcToday(absl::Now()));
  EXPECT_EQ(Bikes(), "8 on hand, 2 reserved");
  ASSERT_OK(calls_.Create(NewReservation("after", "bike", 5)));
  EXPECT_EQ(Bikes(), "3 on hand, 7 reserved");
  EXPECT_THAT(calls_.Create(NewReservation("more", "bike", 4)), HasReason(Reason::kInsufficientStock));
  ASSERT_OK(calls_.Void(Name("before")));
  EXPECT_EQ(Bikes(), "5 on hand, 5 reserved");
  ASSERT_OK(calls_.Post(Name("after")));
  EXPECT_EQ(Bikes(), "5 on hand");
  EXPECT_TRUE(Balance().balanced());
}

// A count of the reserved units alone, too.
TEST_F(ReservationTest, UnitsThatAreMissingAreNotHeldAgain) {
  ASSERT_OK(calls_.Create(NewReservation("r1", "bike", 6)));
  Counted("bike", 2, v1::CountLine::RESERVED, UtcToday(absl::Now()));
  EXPECT_EQ(Bikes(), "4 on hand, 2 reserved");
  EXPECT_EQ(calls_.Get(Name("r1"))->lines(0).missing().value(), "4");
  EXPECT_THAT(calls_.Post(Name("r1")), HasReason(Reason::kInsufficientStock));
  ASSERT_OK(calls_.Void(Name("r1")));
  EXPECT_EQ(Bikes(), "10 on hand, -4 reserved");
  EXPECT_THAT(calls_.Create(NewReservation("r2", "bike", 7)), HasReason(Reason::kInsufficientStock));
  ASSERT_OK(calls_.Create(NewReservation("r2", "bike", 6)));
  EXPECT_TRUE(Balance().balanced());
}

TEST_F(ReservationTest, ForAnOrderOfWhichSomethingIsConfirmed) {
  partners_.TellCreditLine("acme", {"CNY", Decimal::FromInt(1000)}, Date::Parse("2026-01-01").value());
  v1::CreateSupplyRequest supply;
  supply.mutable_supply()->set_product("products/bike");
  *supply.mutable_supply()->mutable_available_date() = Day("2026-06-01");
  supply.mutable_supply()->mutable_quantity()->set_value("5");
  ASSERT_OK(inventory_.Call<v1::Supply>("SupplyService/CreateSupply", supply));
  ASSERT_OK(MakeOrder("one"));
  const std::string name = "partners/acme/orders/one";
  v1::PlaceDistributorOrderRequest place;
  place.set_name(name);
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/PlaceDistributorOrder", place));
  v1::CreateReservationRequest create = NewReservation("r", "bike", 1);
  create.mutable_reservation()->set_order(name);
  EXPECT_THAT(calls_.Create(create), HasReason(Reason::kStateConflict));
  v1::ConfirmDistributorOrderRequest confirm;
  confirm.set_name(name);
  // The credit line comes by the feed.
  ASSERT_TRUE(Eventually([&] {
    return inventory_.Call<v1::DistributorOrder>("DistributorOrderService/ConfirmDistributorOrder", confirm).ok();
  }));
  ASSERT_OK(calls_.Create(create));
  EXPECT_EQ(calls_.Get(Name("r"))->order(), name);
  EXPECT_THAT(calls_.List(StrCat("order = \"", name, "\"")), ElementsAre("r"));
  EXPECT_THAT(calls_.List("NOT order:*"), IsEmpty());
}

TEST_F(ReservationTest, AUnitIsHeldOnce) {
  v1::ShipmentLine line = NewLine("acme", "SO2", 1, "pump", 3);
  for (const char* serial : {"S1", "S2", "S3"}) line.add_serials(serial);
  Shipped({line});
  MakeSite("north");
  const auto hold = [&](const char* id, std::vector<std::string> serials) {
    v1::CreateReservationRequest create = NewReservation(id, "pump", static_cast<int>(serials.size()));
    for (const std::string& serial : serials) create.mutable_reservation()->mutable_lines(0)->add_serials(serial);
    return calls_.Create(create).status();
  };
  ASSERT_OK(hold("r1", {"S1", "S2"}));
  EXPECT_THAT(hold("r2", {"S2"}), HasReason(Reason::kSerialElsewhere));
  v1::TransferStockRequest transfer;
  transfer.set_parent("partners/acme");
  transfer.set_from_site("partners/acme/sites/main");
  transfer.set_to_site("partners/acme/sites/north");
  v1::TransferLine& moved = *transfer.add_lines();
  moved.set_product("products/pump");
  moved.mutable_quantity()->set_value("1");
  moved.add_serials("S2");
  const auto move = [&] {
    return inventory_.Call<v1::TransferStockResponse>("MovementService/TransferStock", transfer).status();
  };
  EXPECT_THAT(move(), HasReason(Reason::kSerialElsewhere));
  v1::PostReservationRequest post;
  post.set_name(Name("r1"));
  v1::PostPart& part = *post.add_lines();
  part.set_line(1);
  part.mutable_quantity()->set_value("1");
  EXPECT_THAT(calls_.Post(post), HasReason(Reason::kInvalidField));
  part.add_serials("S1");
  ASSERT_OK(calls_.Post(post));
  EXPECT_THAT(hold("r3", {"S1"}), HasReason(Reason::kSerialElsewhere));
  ASSERT_OK(hold("r4", {"S2"}));
  ASSERT_OK(calls_.Void(Name("r4")));
  EXPECT_OK(move());
  v1::GetSerialUnitRequest get;
  get.set_name("products/pump/serials/S1");
  const auto unit = inventory_.Call<v1::SerialUnit>("TraceService/GetSerialUnit", get);
  ASSERT_OK(unit);
  EXPECT_EQ(unit->location(), "customer");
  EXPECT_EQ(unit->contradictions(), 0);
}

}  // namespace
}  // namespace tributary::inventory
