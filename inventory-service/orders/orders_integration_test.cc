// Orders through the whole service: the inventory part of scenario S2, races for credit and stock, who may what.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/orders/testing_orders.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_F(OrdersTest, TheInventoryPartOfScenarioS2) {
  Bill("INV0", "02-20", "03-22", 30000, 1);
  Supplied("04-01", 90);
  Supplied("04-20", 60);
  EXPECT_EQ(Available("04-01", 100).available().value(), "90");
  EXPECT_EQ(Available("04-01", 100).earliest_date().day(), 20);

  // 04-01. 100 at 720 net, and 2 free on top.
  ASSERT_OK(Draft("o1", {Line(1, 100, 72000), Line(2, 2, 0, true)}));
  ASSERT_OK_AND_ASSIGN(const Order placed, Place("o1"));
  EXPECT_EQ(placed.state(), Order::ON_HOLD);
  ASSERT_OK_AND_ASSIGN(const Order part, Confirm("o1"));
  EXPECT_EQ(part.lines(0).confirmed().value(), "90");
  EXPECT_EQ(part.lines(1).confirmed().value(), "0");
  EXPECT_EQ(Text(part.open_amount()), "64800");
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  EXPECT_EQ(Text(Exposure().open_orders()), "64800");
  EXPECT_EQ(part.state(), Order::ON_HOLD);  // the other 10
  const v1::OrderCheck& credit = CheckOf(part, v1::OrderCheck::CREDIT);
  EXPECT_EQ(credit.outcome(), v1::OrderCheck::FAILED);
  EXPECT_EQ(credit.got().value(), "102000");
  EXPECT_EQ(credit.limit().value(), "100000");
  EXPECT_THAT(credit.why(), ::testing::HasSubstr("short by 2000"));

  // 04-02.
  Ship("SH1", "o1", {{1, 90}});
  Progress();
  Bill("INV1", "04-02", "05-02", 64800, 90, "o1");
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  EXPECT_EQ(Text(Exposure().open_orders()), "0");
  EXPECT_EQ(Get("o1")->fulfillment(), Order::PART_SHIPPED);
  Progress();
  EXPECT_THAT(Release("o1"), HasReason(Reason::kOrderCheckFailed));
  EXPECT_THAT(Confirm("o1", {{1, 10}}, "04-20"), HasReason(Reason::kOrderCheckFailed));

  // 04-22: the payment lets it go.
  Pay("P0", "04-22", 30000, "INV0");
  ASSERT_OK_AND_ASSIGN(const Order released, Release("o1"));
  EXPECT_EQ(released.state(), Order::PART_CONFIRMED);
  EXPECT_EQ(CheckOf(released, v1::OrderCheck::CREDIT).got().value(), "72000");
  ASSERT_OK_AND_ASSIGN(const Order whole, Confirm("o1", {{1, 10}, {2, 2}}, "04-23"));
  EXPECT_EQ(whole.state(), Order::CONFIRMED);
  EXPECT_EQ(Text(Exposure().exposure()), "72000");

  // 04-23.
  Ship("SH2", "o1", {{1, 10}, {2, 2}});
  Progress();
  Bill("INV2", "04-23", "05-23", 7200, 10, "o1");
  EXPECT_EQ(Get("o1")->fulfillment(), Order::RECEIVED);  // no receipt is awaited
  Progress();
  EXPECT_EQ(Available("04-23").available().value(), "48");
  EXPECT_EQ(Available("04-23").shipped().value(), "102");
  EXPECT_EQ(Text(Exposure().exposure()), "72000");

  // 05-02 and 05-03.
  Pay("P1", "05-02", 40000);
  EXPECT_EQ(Get("o1")->fulfillment(), Order::RECEIVED);
  Pay("P2", "05-03", 32000);
  EXPECT_EQ(Get("o1")->fulfillment(), Order::SETTLED);
  EXPECT_EQ(Text(Exposure().exposure()), "0");
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=102"));

  v1::GetFillRateRequest request;
  request.set_parent("partners/acme");
  *request.mutable_from_date() = On("04-01");
  *request.mutable_to_date() = On("05-01");
  const auto rate = inventory_.Call<v1::FillRate>("DistributorOrderService/GetFillRate", request);
  ASSERT_OK(rate);
  EXPECT_EQ(rate->orders(), 1);
  EXPECT_EQ(rate->answered_orders(), 1);
  EXPECT_EQ(rate->ordered_units().value(), "102");
  EXPECT_EQ(rate->confirmed_units().value(), "102");
  EXPECT_EQ(rate->fill_rate().value(), "1");
  *request.mutable_from_date() = On("04-02");
  EXPECT_FALSE(inventory_.Call<v1::FillRate>("DistributorOrderService/GetFillRate", request)->has_fill_rate());

  EXPECT_THAT(Told("o1"), ElementsAre("created", "held", "confirmed", "part_shipped", "progressed", "released",
                                      "confirmed", "received", "progressed", "settled"));
}

TEST_F(OrdersTest, ACanceledOrderGivesBackWhatWasNotShipped) {
  Supplied("04-01", 100);
  ASSERT_OK(Draft("o1", {Line(1, 100, 72000)}));
  ASSERT_OK(Place("o1"));
  ASSERT_OK(Confirm("o1"));
  EXPECT_EQ(Available("04-01").available().value(), "0");
  EXPECT_THAT(State("04-01", -1), HasReason(Reason::kSupplyPromised));
  Ship("SH1", "o1", {{1, 30}});
  ASSERT_OK_AND_ASSIGN(const Order canceled, Cancel("o1"));
  EXPECT_EQ(canceled.state(), Order::CANCELED);
  EXPECT_EQ(canceled.fulfillment(), Order::RECEIVED);
  EXPECT_EQ(Available("04-01").available().value(), "70");
  // What was shipped and not billed yet is still owed.
  EXPECT_EQ(Text(Exposure().exposure()), "21600");
  EXPECT_OK(State("04-01", -70));
  EXPECT_THAT(Place("o1"), HasReason(Reason::kStateConflict));
}

// What receipts say, before the shipment and after it, in part, too much, and of what is lost.
TEST_F(OrdersTest, AnOrderIsReceivedWhenReceiptsSaySo) {
  Supplied("04-01", 100);
  ASSERT_OK(Draft("o1", {Line(1, 10, 7200), Line(2, 5, 3600)}));
  ASSERT_OK(Place("o1"));
  ASSERT_OK(Confirm("o1"));
  Receive("R1", "SH1/lines/1", 7);
  EXPECT_EQ(Get("o1")->fulfillment(), Order::NOT_SHIPPED);
  Progress();
  Ship("SH1", "o1", {{1, 10}, {2, 5}}, /*awaits_receipt=*/true);
  ASSERT_OK_AND_ASSIGN(const Order shipped, Get("o1"));
  EXPECT_EQ(shipped.fulfillment(), Order::SHIPPED);
  EXPECT_EQ(shipped.lines(0).received().value(), "7");
  EXPECT_EQ(shipped.lines(1).received().value(), "0");
  Progress();
  Receive("R2", "SH1/lines/2", 9);  // four more than were sent make up for nothing
  EXPECT_EQ(Get("o1")->lines(1).received().value(), "5");
  EXPECT_EQ(Get("o1")->fulfillment(), Order::SHIPPED);
  Progress();
  Receive("R3", "SH1/lines/1", 2);
  Progress();
  Receive("R4", "SH1/lines/1", 1, /*lost=*/true);
  ASSERT_OK_AND_ASSIGN(const Order received, Get("o1"));
  EXPECT_EQ(received.fulfillment(), Order::RECEIVED);
  EXPECT_EQ(received.lines(0).received().value(), "9");
  EXPECT_EQ(received.lines(0).lost().value(), "1");
  EXPECT_THAT(Told("o1"),
              ElementsAre("created", "placed", "confirmed", "shipped", "progressed", "progressed", "received"));
  // Facts change no version, so nobody's etag is taken away by them.
  EXPECT_EQ(received.etag(), shipped.etag());
  v1::ListDistributorOrdersRequest list;
  list.set_parent("partners/acme");
  list.set_filter("fulfillment = RECEIVED AND site = \"partners/acme/sites/main\"");
  const auto found =
      inventory_.Call<v1::ListDistributorOrdersResponse>("DistributorOrderService/ListDistributorOrders", list);
  ASSERT_OK(found);
  EXPECT_THAT(found->orders(), SizeIs(1));
}

// A bounced payment opens an invoice again, and the order with it.
TEST_F(OrdersTest, AnOrderIsSettledAsLongAsItsInvoicesAre) {
  Supplied("04-01", 100);
  ASSERT_OK(Draft("o1", {Line(1, 10, 7200)}));
  ASSERT_OK(Place("o1"));
  ASSERT_OK(Confirm("o1"));
  Pay("P1", "04-01", 7200);
  Bill("INV1", "04-02", "05-02", 7200, 10, "o1");
  EXPECT_EQ(Get("o1")->fulfillment(), Order::NOT_SHIPPED);  // paid and billed, and nothing has left
  Progress();
  Ship("SH1", "o1", {{1, 10}});
  EXPECT_EQ(Get("o1")->fulfillment(), Order::SETTLED);
  Progress();
  v1::ReversePaymentRequest reverse;
  reverse.set_name("partners/acme/payments/P1");
  *reverse.mutable_reversal_date() = On("04-20");
  ASSERT_OK(inventory_.Call<v1::Payment>("PaymentService/ReversePayment", reverse));
  EXPECT_EQ(Get("o1")->fulfillment(), Order::RECEIVED);
  Progress();
  Pay("P2", "04-25", 7200);
  EXPECT_THAT(Told("o1"),
              ElementsAre("created", "placed", "confirmed", "progressed", "settled", "received", "settled"));
}

// Facts that were there first: the order has come that far when it is written.
TEST_F(OrdersTest, FactsMayComeBeforeTheirOrder) {
  Supplied("04-01", 100);
  Ship("SH1", "o1", {{1, 4}});
  Bill("INV1", "04-02", "05-02", 2880, 4, "o1");
  Progress();
  ASSERT_OK_AND_ASSIGN(const Order draft, Draft("o1", {Line(1, 4, 2880)}));
  EXPECT_EQ(draft.lines(0).shipped().value(), "4");
  EXPECT_EQ(draft.fulfillment(), Order::PART_SHIPPED);  // nothing of it is confirmed
  ASSERT_OK(Place("o1"));
  ASSERT_OK_AND_ASSIGN(const Order confirmed, Confirm("o1"));
  EXPECT_EQ(confirmed.fulfillment(), Order::RECEIVED);
  EXPECT_THAT(Told("o1"), ElementsAre("created", "placed", "confirmed"));
}

TEST_F(OrdersTest, TerritoryIsCheckedWhereTheGoodsGo) {
  Supplied("04-01", 100);
  const auto known = [&](const std::string& grant, const char* region, bool active = true) {
    return Eventually([&] {
      bool found = false;
      EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const auto grants, TerritoryStore().GrantsOf(sql, "acme"));
        ASSIGN_OR_RETURN(const ShipTo home, TerritoryStore().ShipToOf(sql, "acme", "main"));
        found = home.lies_in.size() == 2 && home.region == region &&
                std::any_of(grants.begin(), grants.end(),
                            [&](const auto& one) { return one.id == grant && one.active == active; });
        return absl::OkStatus();
      }));
      return found;
    });
  };
  partners_.TellRegion("cn");
  partners_.TellRegion("cn-50", "cn");
  partners_.TellRegion("cn-51", "cn");
  partners_.TellHome("acme", "cn-51");
  partners_.TellGrant("acme", "east", {"cn-50"}, Date::Parse("2026-01-01").value());
  ASSERT_TRUE(known("east", "cn-51"));

  ASSERT_OK(Draft("o1", {Line(1, 10, 7200)}));
  ASSERT_OK_AND_ASSIGN(const Order held, Place("o1"));
  EXPECT_EQ(held.state(), Order::ON_HOLD);
  EXPECT_EQ(CheckOf(held, v1::OrderCheck::TERRITORY).outcome(), v1::OrderCheck::FAILED);
  EXPECT_EQ(CheckOf(held, v1::OrderCheck::TERRITORY).why(),
            "regions/cn-51, productLines/bikes, on 2026-04-01: no grant covers it: "
            "partners/acme/territoryGrants/east covers regions/cn-50");
  EXPECT_FALSE(CheckOf(held, v1::OrderCheck::TERRITORY).has_got());
  EXPECT_THAT(Confirm("o1"), HasReason(Reason::kOrderCheckFailed));

  // To a site in the other region the same may go.
  v1::CreateSiteRequest site;
  site.set_parent("partners/acme");
  site.set_site_id("east");
  site.mutable_site()->set_region("regions/cn-50");
  *site.mutable_site()->mutable_closed_on() = On("05-01");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", site));
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("o2");
  *create.mutable_order()->mutable_order_date() = On("04-01");
  *create.mutable_order()->mutable_requested_date() = On("05-01");
  *create.mutable_order()->add_lines() = Line(1, 10, 7200);
  create.mutable_order()->set_site("partners/acme/sites/west");
  EXPECT_THAT(inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", create),
              HasReason(Reason::kReferenceNotFound));
  create.mutable_order()->set_site("partners/bolt/sites/main");
  EXPECT_THAT(inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", create), Blames("order.site"));
  create.mutable_order()->set_site("partners/acme/sites/east");
  EXPECT_THAT(inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", create),
              HasReason(Reason::kSiteClosed));
  *create.mutable_order()->mutable_requested_date() = On("04-30");
  ASSERT_OK(inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", create));
  ASSERT_OK_AND_ASSIGN(const Order placed, Place("o2"));
  EXPECT_EQ(placed.state(), Order::PLACED);
  EXPECT_EQ(CheckOf(placed, v1::OrderCheck::TERRITORY).resource(), "partners/acme/territoryGrants/east");

  // A grant of the region above, in force on the order's date, lets the first one go; taken back, it holds no more.
  partners_.TellGrant("acme", "west", {"cn"}, Date::Parse("2026-04-01").value(), {"bikes"});
  ASSERT_TRUE(known("west", "cn-51"));
  ASSERT_OK_AND_ASSIGN(const Order released, Release("o1"));
  EXPECT_EQ(released.state(), Order::PLACED);
  EXPECT_EQ(CheckOf(released, v1::OrderCheck::TERRITORY).resource(), "partners/acme/territoryGrants/west");
  partners_.TellGrant("acme", "west", {"cn"}, Date::Parse("2026-04-01").value(), {"bikes"}, /*active=*/false);
  ASSERT_TRUE(known("west", "cn-51", /*active=*/false));
  EXPECT_THAT(Confirm("o1"), HasReason(Reason::kOrderCheckFailed));
}

TEST_F(OrdersTest, AmendingGivesBackWhatIsNoLongerOrdered) {
  Supplied("04-01", 90);
  Supplied("04-20", 60);
  ASSERT_OK(Draft("o1", {Line(1, 100, 72000)}));
  ASSERT_OK(Place("o1"));
  ASSERT_OK(Confirm("o1", {{1, 60}}));
  ASSERT_OK(Confirm("o1", {{1, 40}}, "04-20"));
  EXPECT_EQ(Available("04-01").available().value(), "30");
  EXPECT_EQ(Available("04-20").available().value(), "50");
  Ship("SH1", "o1", {{1, 10}});
  v1::AmendDistributorOrderRequest amend;
  amend.set_name("partners/acme/orders/o1");
  *amend.add_lines() = Line(1, 9, 6480);
  EXPECT_THAT(inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend),
              Blames("lines[0].quantity"));
  *amend.mutable_lines(0) = Line(1, 50, 36000);
  *amend.mutable_requested_date() = On("04-20");
  ASSERT_OK_AND_ASSIGN(const Order amended,
                       inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend));
  EXPECT_EQ(amended.state(), Order::CONFIRMED);
  EXPECT_EQ(amended.lines(0).confirmed().value(), "50");
  EXPECT_EQ(amended.requested_date().day(), 20);
  EXPECT_EQ(Available("04-01").available().value(), "40");
  EXPECT_EQ(Available("04-20").available().value(), "100");
  EXPECT_EQ(Text(Exposure().exposure()), "36000");
  // Another line of the same: checked, and confirmed for itself.
  *amend.add_lines() = Line(2, 20, 14400);
  ASSERT_OK(inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend));
  ASSERT_OK_AND_ASSIGN(const Order whole, Confirm("o1"));
  EXPECT_EQ(whole.state(), Order::CONFIRMED);
  EXPECT_EQ(whole.lines(1).confirmed().value(), "20");
  EXPECT_EQ(Text(Exposure().exposure()), "50400");
}

TEST_F(OrdersTest, DraftsChangeFreelyAndPlacedOrdersByAmending) {
  Supplied("04-01", 1000);
  ASSERT_OK_AND_ASSIGN(Order draft, Draft("o1", {Line(1, 10, 7200)}));
  v1::UpdateDistributorOrderRequest update;
  update.mutable_order()->set_name(draft.name());
  update.mutable_order()->set_end_customer("台灣水泥");
  ASSERT_OK(inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update));
  update.mutable_order()->set_etag(draft.etag());
  EXPECT_THAT(inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update),
              HasReason(Reason::kEtagMismatch));
  ASSERT_OK_AND_ASSIGN(const Order placed, Place("o1"));
  EXPECT_EQ(placed.state(), Order::PLACED);
  EXPECT_EQ(placed.end_customer(), "台灣水泥");
  update.mutable_order()->clear_etag();
  EXPECT_THAT(inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update),
              HasReason(Reason::kStateConflict));

  v1::AmendDistributorOrderRequest amend;
  amend.set_name(draft.name());
  *amend.add_lines() = Line(1, 200, 144000);
  ASSERT_OK_AND_ASSIGN(const Order held,
                       inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend));
  EXPECT_EQ(held.state(), Order::ON_HOLD);
  *amend.mutable_lines(0) = Line(1, 20, 14400);
  ASSERT_OK(inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend));
  ASSERT_OK_AND_ASSIGN(const Order confirmed, Confirm("o1"));
  EXPECT_EQ(confirmed.state(), Order::CONFIRMED);

  EXPECT_THAT(Draft("o1", {Line(1, 1, 720)}), HasReason(Reason::kAlreadyExists));
  v1::OrderLine bad = Line(1, 1, 720);
  bad.set_product("products/nothing");
  EXPECT_THAT(Draft("o2", {bad}), HasReason(Reason::kReferenceNotFound));
  bad = Line(1, 1, 720);
  *bad.mutable_tax_amount() = Yuan(1);
  EXPECT_THAT(Draft("o2", {bad}), Blames("order.lines[0].gross_amount"));
  bad = Line(1, 1, 720);
  bad.mutable_net_amount()->set_currency_code("USD");
  EXPECT_THAT(Draft("o2", {bad}), Blames("order.lines[0].net_amount.currency_code"));
}

TEST_F(OrdersTest, SuppliesAreReadByNameAndByPages) {
  const auto first = State("04-01", 10);
  ASSERT_OK(first);
  ASSERT_OK(State("04-02", -3));
  ASSERT_OK(State("04-03", 5, "pump"));
  const auto supply = [&](const std::string& name, const rpc::CallOptions& options = {}) {
    v1::GetSupplyRequest get;
    get.set_name(name);
    return inventory_.Call<v1::Supply>("SupplyService/GetSupply", get, options);
  };
  const auto read = supply(first->name());
  ASSERT_OK(read);
  EXPECT_EQ(read->quantity().value(), "10");
  EXPECT_EQ(read->product(), "products/bike");
  EXPECT_THAT(supply("supplies/none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(supply("products/bike"), Blames("name"));
  v1::CheckAvailabilityRequest check;
  check.set_product("products/none");
  *check.mutable_date() = On("04-01");
  EXPECT_THAT(inventory_.Call<v1::Availability>("SupplyService/CheckAvailability", check),
              HasReason(Reason::kNotFound));
  EXPECT_THAT(supply(first->name(), {.token = keys_.Token(api::v1::PARTNER_USER, "acme")}),
              HasReason(Reason::kPermissionDenied));

  v1::ListSuppliesRequest list;
  list.set_page_size(1);
  std::vector<std::string> quantities;
  std::string token;
  do {
    const auto page = inventory_.Call<v1::ListSuppliesResponse>("SupplyService/ListSupplies", list);
    ASSERT_OK(page);
    for (const v1::Supply& one : page->supplies()) quantities.push_back(one.quantity().value());
    if (token.empty()) token = page->next_page_token();
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(quantities, ::testing::UnorderedElementsAre("10", "-3", "5"));
  list.set_page_token(token);
  list.set_filter("product = \"products/pump\"");
  EXPECT_THAT(inventory_.Call<v1::ListSuppliesResponse>("SupplyService/ListSupplies", list),
              HasReason(Reason::kPageTokenInvalid));
  list.clear_page_token();
  const auto pumps = inventory_.Call<v1::ListSuppliesResponse>("SupplyService/ListSupplies", list);
  ASSERT_OK(pumps);
  ASSERT_THAT(pumps->supplies(), SizeIs(1));
  EXPECT_EQ(pumps->supplies(0).quantity().value(), "5");
  EXPECT_EQ(pumps->next_page_token(), "");
}

// 64 clients confirm an order each, for 10,000 of a limit of 100,000: ten of them can.
TEST_F(OrdersTest, CreditIsNeverExceededByClientsAtOnce) {
  Supplied("04-01", 100000);
  for (int i = 0; i < 64; ++i) {
    ASSERT_OK(Draft(StrCat("o", i), {Line(1, 10, 10000)}));
    ASSERT_OK(Place(StrCat("o", i)));
  }
  std::atomic<int> confirmed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&, i] {
      const auto order = Confirm(StrCat("o", i));
      if (order.ok()) {
        ++confirmed;
      } else {
        EXPECT_THAT(order, HasReason(Reason::kOrderCheckFailed));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(confirmed, 10);
  EXPECT_EQ(Text(Exposure().exposure()), "100000");
  EXPECT_THAT(Exposure().terms(), SizeIs(10));
}

// The same order confirmed by 64 clients: promised once, whatever each of them is told.
TEST_F(OrdersTest, OneOrderIsConfirmedOnceByClientsAtOnce) {
  Supplied("04-01", 15);
  ASSERT_OK(Draft("o1", {Line(1, 20, 14400)}));
  ASSERT_OK(Place("o1"));
  std::atomic<int> confirmed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&] { confirmed += Confirm("o1").ok(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(confirmed, 1);
  EXPECT_EQ(Get("o1")->lines(0).confirmed().value(), "15");
  EXPECT_EQ(Available("04-01").available().value(), "0");
  EXPECT_EQ(Text(Exposure().exposure()), "10800");
}

}  // namespace
}  // namespace tributary::inventory
