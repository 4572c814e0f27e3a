// Orders through the whole service: the inventory part of scenario S2, races for credit and stock, who may what.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/credit.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/payment.pb.h"
#include "tributary/inventory/v1/supply.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Order = v1::DistributorOrder;

google::type::Date On(const std::string& day) { return wire::ToProto(Date::Parse("2026-" + day).value()); }
google::type::Money Yuan(int amount) { return wire::ToProto(Money{"CNY", Decimal::FromInt(amount)}); }
std::string Text(const google::type::Money& money) { return wire::FromProto(money)->amount.ToString(); }

class OrdersTest : public FactsTest {
 protected:
  OrdersTest() {
    partners_.TellCreditLine("acme", {"CNY", Decimal::FromInt(100000)}, Date::Parse("2026-01-01").value());
    EXPECT_TRUE(Eventually([&] { return Exposure().limit().units() == 100000; }));
  }

  void Supplied(const std::string& day, int quantity, const std::string& product = "bike") {
    EXPECT_OK(State(day, quantity, product));
  }
  absl::StatusOr<v1::Supply> State(const std::string& day, int quantity, const std::string& product = "bike") {
    v1::CreateSupplyRequest request;
    request.mutable_supply()->set_product("products/" + product);
    *request.mutable_supply()->mutable_available_date() = On(day);
    *request.mutable_supply()->mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
    return inventory_.Call<v1::Supply>("SupplyService/CreateSupply", request);
  }
  v1::Availability Available(const std::string& day, int quantity = 0) {
    v1::CheckAvailabilityRequest request;
    request.set_product("products/bike");
    *request.mutable_date() = On(day);
    *request.mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
    const auto reply = inventory_.Call<v1::Availability>("SupplyService/CheckAvailability", request);
    EXPECT_OK(reply);
    return reply.value_or(v1::Availability());
  }
  v1::CreditExposure Exposure() {
    v1::GetCreditExposureRequest request;
    request.set_parent("partners/acme");
    request.set_currency_code("CNY");
    *request.mutable_date() = On("04-01");
    request.set_explain(true);
    const auto reply = inventory_.Call<v1::CreditExposure>("CreditService/GetCreditExposure", request);
    EXPECT_OK(reply);
    return reply.value_or(v1::CreditExposure());
  }
  static v1::OrderLine Line(int number, int quantity, int net, bool free = false) {
    v1::OrderLine line;
    line.set_line(number);
    line.set_product("products/bike");
    *line.mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
    *line.mutable_list_price() = Yuan(800);
    if (!free) *line.mutable_discount() = Yuan(80 * quantity);
    *line.mutable_net_amount() = *line.mutable_gross_amount() = Yuan(net);
    line.set_free_of_charge(free);
    return line;
  }
  absl::StatusOr<Order> Draft(const std::string& id, const std::vector<v1::OrderLine>& lines) {
    v1::CreateDistributorOrderRequest request;
    request.set_parent("partners/acme");
    request.set_order_id(id);
    *request.mutable_order()->mutable_order_date() = On("04-01");
    *request.mutable_order()->mutable_requested_date() = On("04-01");
    for (const v1::OrderLine& line : lines) *request.mutable_order()->add_lines() = line;
    return inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", request);
  }
  template <typename Request>
  absl::StatusOr<Order> Do(const char* verb, const std::string& id) {
    Request request;
    request.set_name("partners/acme/orders/" + id);
    return inventory_.Call<Order>(StrCat("DistributorOrderService/", verb, "DistributorOrder"), request);
  }
  absl::StatusOr<Order> Place(const std::string& id) { return Do<v1::PlaceDistributorOrderRequest>("Place", id); }
  absl::StatusOr<Order> Release(const std::string& id) { return Do<v1::ReleaseDistributorOrderRequest>("Release", id); }
  absl::StatusOr<Order> Cancel(const std::string& id) { return Do<v1::CancelDistributorOrderRequest>("Cancel", id); }
  absl::StatusOr<Order> Get(const std::string& id) { return Do<v1::GetDistributorOrderRequest>("Get", id); }
  using Parts = std::vector<std::pair<int, int>>;
  absl::StatusOr<Order> Confirm(const std::string& id, const Parts& parts = {}, const std::string& day = {}) {
    v1::ConfirmDistributorOrderRequest request;
    request.set_name("partners/acme/orders/" + id);
    for (const auto& [line, quantity] : parts) {
      v1::OrderPart& part = *request.add_parts();
      part.set_line(line);
      *part.mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
      if (!day.empty()) *part.mutable_promised_date() = On(day);
    }
    return inventory_.Call<Order>("DistributorOrderService/ConfirmDistributorOrder", request);
  }
  void Bill(const std::string& document, const std::string& day, const std::string& due, int gross, int quantity,
            const std::string& order = {}) {
    v1::CreateInvoiceRequest request;
    request.set_parent("partners/acme");
    v1::InvoiceLine& line = *request.mutable_invoice()->add_lines();
    line.set_partner("partners/acme");
    line.set_document(document);
    line.set_line(1);
    *line.mutable_invoice_date() = On(day);
    *line.mutable_due_date() = On(due);
    line.set_product("products/bike");
    *line.mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
    *line.mutable_net_amount() = *line.mutable_gross_amount() = Yuan(gross);
    if (!order.empty()) {
      line.set_order("partners/acme/orders/" + order);
      line.set_order_line(1);
    }
    EXPECT_OK(inventory_.Call<v1::Invoice>("InvoiceService/CreateInvoice", request));
  }
  void Ship(const std::string& document, const std::string& order, const Parts& lines) {
    v1::CreateShipmentRequest request;
    request.set_parent("partners/acme");
    int number = 0;
    for (const auto& [order_line, quantity] : lines) {
      v1::ShipmentLine& line = *request.mutable_shipment()->add_lines();
      line = NewLine("acme", document, ++number, "bike", quantity);
      line.set_order("partners/acme/orders/" + order);
      line.set_order_line(order_line);
    }
    EXPECT_OK(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", request));
  }
  void Pay(const std::string& id, const std::string& day, int amount, const std::string& invoice = {}) {
    v1::CreatePaymentRequest request;
    request.set_parent("partners/acme");
    request.set_payment_id(id);
    *request.mutable_payment()->mutable_payment_date() = On(day);
    *request.mutable_payment()->mutable_amount() = Yuan(amount);
    if (!invoice.empty()) {
      v1::Remittance& part = *request.mutable_payment()->add_remittance();
      part.set_invoice("partners/acme/invoices/" + invoice);
      *part.mutable_amount() = Yuan(amount);
    }
    EXPECT_OK(inventory_.Call<v1::Payment>("PaymentService/CreatePayment", request));
  }
  static const v1::OrderCheck& CheckOf(const Order& order, v1::OrderCheck::Kind kind) {
    for (const v1::OrderCheck& check : order.checks()) {
      if (check.kind() == kind) return check;
    }
    return v1::OrderCheck::default_instance();
  }
};

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
  Bill("INV1", "04-02", "05-02", 64800, 90, "o1");
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  EXPECT_EQ(Text(Exposure().open_orders()), "0");
  EXPECT_EQ(Get("o1")->fulfillment(), Order::PART_SHIPPED);
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
  Bill("INV2", "04-23", "05-23", 7200, 10, "o1");
  EXPECT_EQ(Get("o1")->fulfillment(), Order::SHIPPED);
  EXPECT_EQ(Available("04-23").available().value(), "48");
  EXPECT_EQ(Available("04-23").shipped().value(), "102");
  EXPECT_EQ(Text(Exposure().exposure()), "72000");

  // 05-02 and 05-03.
  Pay("P1", "05-02", 40000);
  EXPECT_EQ(Get("o1")->fulfillment(), Order::SHIPPED);
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

  std::vector<std::string> told;
  for (const events::Event& event : Events()) {
    if (event.type == Order::descriptor()->full_name()) told.push_back(event.verb);
  }
  EXPECT_THAT(told, ElementsAre("created", "held", "confirmed", "released", "confirmed"));
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
  EXPECT_EQ(canceled.fulfillment(), Order::SHIPPED);
  EXPECT_EQ(Available("04-01").available().value(), "70");
  // What was shipped and not billed yet is still owed.
  EXPECT_EQ(Text(Exposure().exposure()), "21600");
  EXPECT_OK(State("04-01", -70));
  EXPECT_THAT(Place("o1"), HasReason(Reason::kStateConflict));
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

TEST_F(OrdersTest, APartnerPlacesItsOwnAndTheVendorConfirms) {
  Supplied("04-01", 100);
  rpc::Client user(
      {.address = service_.address(), .token = [this] { return keys_.Token(api::v1::PARTNER_USER, "acme"); }});
  Inventory own(user);
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("mine");
  *create.mutable_order()->mutable_order_date() = On("04-01");
  *create.mutable_order()->mutable_requested_date() = On("04-01");
  *create.mutable_order()->add_lines() = Line(1, 1, 720);
  ASSERT_OK(own.Call<Order>("DistributorOrderService/CreateDistributorOrder", create));
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/mine");
  ASSERT_OK(own.Call<Order>("DistributorOrderService/PlaceDistributorOrder", place));
  v1::ConfirmDistributorOrderRequest confirm;
  confirm.set_name(place.name());
  EXPECT_THAT(own.Call<Order>("DistributorOrderService/ConfirmDistributorOrder", confirm),
              HasReason(Reason::kPermissionDenied));
  create.set_parent("partners/bolt");
  EXPECT_THAT(own.Call<Order>("DistributorOrderService/CreateDistributorOrder", create),
              HasReason(Reason::kPermissionDenied));
  v1::CheckAvailabilityRequest check;
  check.set_product("products/bike");
  *check.mutable_date() = On("04-01");
  EXPECT_THAT(own.Call<v1::Availability>("SupplyService/CheckAvailability", check),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::inventory
