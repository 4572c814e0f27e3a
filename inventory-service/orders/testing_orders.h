#pragma once

// For tests of orders: acme may owe 100,000, and what the tests ask for most.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/credit.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/payment.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/supply.pb.h"

namespace tributary::inventory {

inline google::type::Date On(const std::string& day) { return wire::ToProto(Date::Parse("2026-" + day).value()); }
inline google::type::Money Yuan(int amount) { return wire::ToProto(Money{"CNY", Decimal::FromInt(amount)}); }
inline std::string Text(const google::type::Money& money) { return wire::FromProto(money)->amount.ToString(); }

class OrdersTest : public FactsTest {
 protected:
  using Order = v1::DistributorOrder;

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
  // Everything that facts make of orders by now is told.
  void Progress() { EXPECT_OK(service_.order_watch().CatchUp()); }
  void Ship(const std::string& document, const std::string& order, const Parts& lines, bool awaits_receipt = false,
            const std::string& day = {}) {
    v1::CreateShipmentRequest request;
    request.set_parent("partners/acme");
    int number = 0;
    for (const auto& [order_line, quantity] : lines) {
      v1::ShipmentLine& line = *request.mutable_shipment()->add_lines();
      line = NewLine("acme", document, ++number, "bike", quantity);
      line.set_order("partners/acme/orders/" + order);
      line.set_order_line(order_line);
      line.set_awaits_receipt(awaits_receipt);
      if (!day.empty()) *line.mutable_order_date() = *line.mutable_ship_date() = On(day);
    }
    EXPECT_OK(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", request));
  }
  void Receive(const std::string& document, const std::string& shipment_line, int quantity, bool lost = false) {
    v1::CreateReceiptRequest request;
    request.set_parent("partners/acme");
    v1::ReceiptLine& line = *request.mutable_receipt()->add_lines();
    line.set_document(document);
    line.set_line(1);
    line.set_shipment_line("partners/acme/shipments/" + shipment_line);
    *line.mutable_receive_date() = On("04-30");
    line.set_product("products/bike");
    *line.mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
    line.set_lost(lost);
    EXPECT_OK(inventory_.Call<v1::Receipt>("ReceiptService/CreateReceipt", request));
  }
  // "confirmed", "shipped" of the order, in the order in which they were told.
  std::vector<std::string> Told(const std::string& id) {
    Progress();
    std::vector<std::string> told;
    for (const events::Event& event : Events()) {
      if (event.name == "partners/acme/orders/" + id) told.push_back(event.verb);
    }
    return told;
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

}  // namespace tributary::inventory
