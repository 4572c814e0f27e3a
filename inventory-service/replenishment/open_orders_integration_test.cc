// Suggestions and the orders that follow them: what is ordered, on its way and accepted counts once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inventory-service/replenishment/testing_replenishment.h"
#include "tributary/inventory/v1/order.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::HasSubstr;

class SuggestionsAndOrdersTest : public ReplenishmentTest {};

// What the partner has ordered here counts until it is shipped; then what is in transit does; then what lies there.
TEST_F(SuggestionsAndOrdersTest, OpenOrdersAndWhatIsInTransitCount) {
  MakeTenWeeks();
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("o1");
  v1::DistributorOrder& order = *create.mutable_order();
  *order.mutable_order_date() = *order.mutable_requested_date() = Day("2026-03-16");
  v1::OrderLine& line = *order.add_lines();
  line.set_line(1);
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("50");
  for (auto* amount : {line.mutable_list_price(), line.mutable_net_amount(), line.mutable_gross_amount()}) {
    amount->set_currency_code("CNY");
    amount->set_units(100);
  }
  const v1::Suggestion open = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(open.state(), v1::Suggestion::OPEN);
  const auto accept = [&](const v1::Suggestion& suggestion, const char* by) {
    v1::AcceptSuggestionRequest request;
    request.set_name(suggestion.name());
    request.set_order(by);
    return inventory_.Call<v1::Suggestion>("SuggestionService/AcceptSuggestion", request);
  };
  EXPECT_THAT(accept(open, "partners/acme/orders/o1"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(accept(open, "partners/bolt/orders/o1"), Blames("order"));
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CreateDistributorOrder", create));
  EXPECT_THAT(accept(open, "partners/acme/orders/o1"), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Only(Recompute("acme", "2026-03-16")).position().open_orders().value(), "0");  // a draft orders nothing
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/PlaceDistributorOrder", place));
  // Accepted, and named: it counts once.
  const auto accepted = accept(open, "partners/acme/orders/o1");
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->order(), "partners/acme/orders/o1");
  const auto position = [&](const char* as_of) {
    const v1::Suggestion one = Only(Recompute("acme", as_of));
    return StrCat(one.position().on_hand().value(), " ", one.position().in_transit().value(), " ",
                  one.position().open_orders().value(), " ", one.position().on_order().value(), " = ",
                  one.position().inventory_position().value());
  };
  EXPECT_EQ(position("2026-03-18"), "20 0 50 0 = 70");
  EXPECT_EQ(position("2026-03-15"), "48 0 0 0 = 48");  // it was ordered on the 16th
  EXPECT_THAT(Only(Recompute("acme", "2026-03-18")).explanation(),
              HasSubstr("70 (20 on hand, 0 in transit, 50 in open orders, 0 accepted) is above"));
  v1::ShipmentLine sent = NewLine("acme", "SO-O1", 1, "bike", 30);
  *sent.mutable_order_date() = Day("2026-03-16");
  *sent.mutable_ship_date() = Day("2026-03-20");
  sent.set_order("partners/acme/orders/o1");
  sent.set_order_line(1);
  sent.set_awaits_receipt(true);
  ASSERT_OK(inventory_.Ship(shipments_, {sent}));
  EXPECT_EQ(position("2026-03-19"), "20 0 50 0 = 70");
  EXPECT_EQ(position("2026-03-20"), "20 30 20 0 = 70");
  v1::CreateReceiptRequest receive;
  receive.set_parent("partners/acme");
  v1::ReceiptLine& came = *receive.mutable_receipt()->add_lines();
  came.set_document("R1");
  came.set_line(1);
  came.set_shipment_line("partners/acme/shipments/SO-O1/lines/1");
  *came.mutable_receive_date() = Day("2026-03-23");
  came.set_product("products/bike");
  came.mutable_quantity()->set_value("30");
  ASSERT_OK(inventory_.Call<v1::Receipt>("ReceiptService/CreateReceipt", receive));
  EXPECT_EQ(position("2026-03-23"), "50 0 20 0 = 70");
  // Given up, the rest is no longer awaited.
  v1::CancelDistributorOrderRequest cancel;
  cancel.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CancelDistributorOrder", cancel));
  EXPECT_EQ(position("2026-03-23"), "50 0 0 0 = 50");
}

// One that was accepted without an order counts itself, until it names one.
TEST_F(SuggestionsAndOrdersTest, AnAcceptanceMayNameItsOrderLater) {
  MakeTenWeeks();
  ASSERT_OK(Create(NewPolicy("acme", "bike", "bikes")));
  const v1::Suggestion open = Only(Recompute("acme", "2026-03-16"));
  const auto accepted = Decide<v1::AcceptSuggestionRequest>("Accept", open, "by telephone");
  ASSERT_OK(accepted);
  EXPECT_EQ(Only(Recompute("acme", "2026-03-16")).position().on_order().value(), "50");
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("o1");
  *create.mutable_order()->mutable_order_date() = *create.mutable_order()->mutable_requested_date() = Day("2026-03-16");
  v1::OrderLine& line = *create.mutable_order()->add_lines();
  line.set_line(1);
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("40");
  for (auto* amount : {line.mutable_list_price(), line.mutable_net_amount(), line.mutable_gross_amount()}) {
    amount->set_currency_code("CNY");
    amount->set_units(100);
  }
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/CreateDistributorOrder", create));
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/o1");
  ASSERT_OK(inventory_.Call<v1::DistributorOrder>("DistributorOrderService/PlaceDistributorOrder", place));
  v1::AcceptSuggestionRequest request;
  request.set_name(open.name());
  request.set_order("partners/acme/orders/o1");
  const auto named = inventory_.Call<v1::Suggestion>("SuggestionService/AcceptSuggestion", request);
  ASSERT_OK(named);
  EXPECT_EQ(named->state(), v1::Suggestion::ACCEPTED);
  const v1::Suggestion after = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(after.position().on_order().value(), "0");
  EXPECT_EQ(after.position().open_orders().value(), "40");
  EXPECT_THAT(inventory_.Call<v1::Suggestion>("SuggestionService/AcceptSuggestion", request),
              HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::inventory
