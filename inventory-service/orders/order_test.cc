#include "inventory-service/orders/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/orders/testing_order.h"

namespace tributary::inventory {
namespace {

TEST(OrderTest, TheFiguresOfScenarioS2) {
  OrderInputs inputs = InputsOfS2();
  ASSERT_OK_AND_ASSIGN(const Order placed, Place(OfS2(), inputs, kNow));
  EXPECT_EQ(placed.state, OrderState::kOnHold);  // the whole of it is more than the limit
  EXPECT_EQ(CheckOf(placed, CheckKind::kCredit).got, D("102000"));
  EXPECT_EQ(CheckOf(placed, CheckKind::kStock).outcome, CheckOutcome::kPartial);
  EXPECT_EQ(CheckOf(placed, CheckKind::kStock).got, D("102"));
  EXPECT_EQ(CheckOf(placed, CheckKind::kStock).bound, D("90"));
  EXPECT_EQ(CheckOf(placed, CheckKind::kPrice).outcome, CheckOutcome::kNotChecked);

  // What stock has is within the limit; the rest is held.
  ASSERT_OK_AND_ASSIGN(const Confirmation part, Confirm(placed, {}, inputs, kNow));
  EXPECT_EQ(part.order.state, OrderState::kOnHold);
  EXPECT_EQ(part.order.lines[0].confirmed, D("90"));
  EXPECT_EQ(part.order.lines[1].confirmed, D("0"));
  EXPECT_EQ(part.order.response_time, kNow);
  ASSERT_EQ(part.promises.size(), 1u);
  EXPECT_EQ(part.promises[0].quantity, D("90"));
  EXPECT_EQ(OpenAmount(part.order, {}), D("64800"));
  EXPECT_EQ(CheckOf(part.order, CheckKind::kCredit).got, D("102000"));
  EXPECT_EQ(CheckOf(part.order, CheckKind::kCredit).bound, D("100000"));
  EXPECT_THAT(CheckOf(part.order, CheckKind::kCredit).why, ::testing::HasSubstr("short by 2000"));

  inputs.exposure.terms.push_back({ExposureKind::kOpenOrder, "o1", D("64800")});
  inputs.supply["x"].promised[Day("04-01")] = D("90");
  EXPECT_EQ(inputs.exposure.total(), D("94800"));
  EXPECT_THAT(Release(part.order, inputs, kNow), HasReason(Reason::kOrderCheckFailed));
  const std::vector<ConfirmPart> rest = {{1, D("10"), Day("04-23")}, {2, D("2"), Day("04-23")}};
  EXPECT_THAT(Confirm(part.order, rest, inputs, kNow), HasReason(Reason::kOrderCheckFailed));

  // INV0 is paid.
  inputs.exposure.terms.erase(inputs.exposure.terms.begin());
  ASSERT_OK_AND_ASSIGN(const Order released, Release(part.order, inputs, kNow));
  EXPECT_EQ(released.state, OrderState::kPartConfirmed);
  EXPECT_EQ(CheckOf(released, CheckKind::kCredit).got, D("72000"));
  ASSERT_OK_AND_ASSIGN(const Confirmation whole, Confirm(released, rest, inputs, kNow));
  EXPECT_EQ(whole.order.state, OrderState::kConfirmed);
  EXPECT_EQ(OpenAmount(whole.order, {.invoiced = {{1, D("90")}}}), D("7200"));
  EXPECT_EQ(FulfillmentOf(whole.order, {.shipped = {{1, D("90")}}}), Fulfillment::kPartShipped);
  OrderProgress all{.shipped = {{1, D("100")}, {2, D("2")}}, .invoiced = {{1, D("100")}}};
  EXPECT_EQ(FulfillmentOf(whole.order, all), Fulfillment::kShipped);
  all.received = all.shipped;
  EXPECT_EQ(FulfillmentOf(whole.order, all), Fulfillment::kReceived);
  all.settled = true;
  EXPECT_EQ(FulfillmentOf(whole.order, all), Fulfillment::kSettled);

  // Canceled instead of released: what was shipped stays, its promise with it.
  ASSERT_OK_AND_ASSIGN(
      const Confirmation canceled,
      Cancel(part.order, {.shipped = {{1, D("40")}}},
             {{"x", "p2", "o1", 1, Day("04-20"), D("30")}, {"x", "p2", "o1", 1, Day("04-01"), D("60")}}, kNow));
  EXPECT_EQ(canceled.order.state, OrderState::kCanceled);
  EXPECT_EQ(canceled.order.lines[0].confirmed, D("40"));
  EXPECT_EQ(canceled.promises[0].quantity, D("40"));
  EXPECT_EQ(canceled.promises[1].quantity, D("0"));
  EXPECT_THAT(Cancel(canceled.order, {}, {}, kNow), HasReason(Reason::kStateConflict));
}

TEST(OrderTest, EveryVerbHasItsStates) {
  const OrderInputs inputs = InputsOfS2();
  const auto in = [](OrderState state) {
    Order order = OfS2();
    order.state = state;
    return order;
  };
  for (int number = 1; number <= 7; ++number) {
    const auto state = static_cast<OrderState>(number);
    SCOPED_TRACE(std::string(NameOf(state)));
    const bool draft = state == OrderState::kDraft, canceled = state == OrderState::kCanceled;
    const bool confirmable =
        state == OrderState::kPlaced || state == OrderState::kOnHold || state == OrderState::kPartConfirmed;
    const auto refused = [](const auto& result) { return ReasonOf(result.status()) == Reason::kStateConflict; };
    EXPECT_EQ(!refused(Place(in(state), inputs, kNow)), draft);
    EXPECT_EQ(!refused(Confirm(in(state), {}, inputs, kNow)), confirmable);
    EXPECT_EQ(!refused(Release(in(state), inputs, kNow)), state == OrderState::kOnHold);
    EXPECT_EQ(!refused(Amend(in(state), {OfS2().lines}, {}, {}, inputs, kNow)), !draft && !canceled);
    EXPECT_EQ(!refused(Cancel(in(state), {}, {}, kNow)), !canceled);
  }
}

TEST(OrderTest, WhatConfirmRefuses) {
  Order placed = OfS2();
  placed.state = OrderState::kPlaced;
  OrderInputs none = InputsOfS2();
  none.supply.clear();
  OrderInputs held = InputsOfS2();
  held.exposure.line->on_hold = true;
  OrderInputs dear = InputsOfS2();
  dear.prices["x"] = {Price("800.01")};
  const struct {
    const char* what;
    std::vector<ConfirmPart> parts;
    OrderInputs inputs;
    Reason reason;
    const char* check;
  } kCases[] = {
      {"a line that is not there", {{3, D("1"), {}}}, InputsOfS2(), Reason::kInvalidField, ""},
      {"more than its rest", {{1, D("100.000001"), {}}}, InputsOfS2(), Reason::kInvalidField, ""},
      {"the rest twice", {{1, D("60"), {}}, {1, D("41"), {}}}, InputsOfS2(), Reason::kInvalidField, ""},
      {"more than stock has for the day", {{1, D("91"), {}}}, InputsOfS2(), Reason::kOrderCheckFailed, "STOCK"},
      {"two lines together", {{1, D("89"), {}}, {2, D("2"), {}}}, InputsOfS2(), Reason::kOrderCheckFailed, "STOCK"},
      {"no stock at all", {}, none, Reason::kOrderCheckFailed, "STOCK"},
      {"below the list price", {{1, D("1"), {}}}, dear, Reason::kOrderCheckFailed, "PRICE"},
      {"more than the limit", {{1, D("98"), Day("04-20")}}, InputsOfS2(), Reason::kOrderCheckFailed, "CREDIT"},
      {"a held line of credit", {{1, D("1"), {}}}, held, Reason::kOrderCheckFailed, "CREDIT"},
      {"free units, held", {{2, D("2"), {}}}, held, Reason::kUnspecified, ""},
      {"just the limit", {{1, D("97"), Day("04-20")}}, InputsOfS2(), Reason::kUnspecified, ""},
  };
  for (const auto& c : kCases) {
    const auto done = Confirm(placed, c.parts, c.inputs, kNow);
    EXPECT_EQ(ReasonOf(done.status()), c.reason) << c.what << ": " << std::string(done.status().message());
    if (c.check[0] == '\0') continue;
    EXPECT_EQ(DetailOf(done.status()).metadata.at(1).second, c.check) << c.what;
  }
}

// In CN-51, for which the partner has no grant on the day: held, and let go by one that covers it.
TEST(OrderTest, TerritoryHoldsAnOrder) {
  OrderInputs inputs = InputsOfS2();
  inputs.exposure.terms.clear();
  EXPECT_EQ(CheckOf(*Place(OfS2(), inputs, kNow), CheckKind::kTerritory).outcome, CheckOutcome::kNotChecked);
  EXPECT_EQ(CheckOf(*Place(OfS2(), inputs, kNow), CheckKind::kTerritory).why,
            "neither partners/p2/sites/main nor partners/p2 says in which region it is");
  inputs.ship_to = {.site = "main", .region = "cn-51", .lies_in = {"cn-51", "cn"}};
  inputs.product_lines["x"] = "pl-a";
  inputs.grants = {{.partner = "p2", .id = "west", .regions = {"cn"}, .effective = {Day("04-02"), OpenEnd()}}};
  ASSERT_OK_AND_ASSIGN(const Order held, Place(OfS2(), inputs, kNow));
  EXPECT_EQ(held.state, OrderState::kOnHold);
  EXPECT_EQ(CheckOf(held, CheckKind::kTerritory).outcome, CheckOutcome::kFailed);
  EXPECT_EQ(CheckOf(held, CheckKind::kTerritory).line, 1);
  EXPECT_THAT(CheckOf(held, CheckKind::kTerritory).why, ::testing::HasSubstr("west holds from 2026-04-02 on"));
  const auto released = Release(held, inputs, kNow);
  EXPECT_THAT(released, HasReason(Reason::kOrderCheckFailed));
  EXPECT_THAT(std::string(released.status().message()), ::testing::HasSubstr("line 1: TERRITORY: regions/cn-51"));
  const auto confirmed = Confirm(held, {{2, D("2"), {}}}, inputs, kNow);  // what is free goes somewhere too
  EXPECT_THAT(confirmed, HasReason(Reason::kOrderCheckFailed));
  EXPECT_EQ(DetailOf(confirmed.status()).metadata.at(1).second, "TERRITORY");
  inputs.grants[0].effective.start = Day("04-01");
  ASSERT_OK_AND_ASSIGN(const Order free, Release(held, inputs, kNow));
  EXPECT_EQ(free.state, OrderState::kPlaced);
  EXPECT_EQ(CheckOf(free, CheckKind::kTerritory).resource, "partners/p2/territoryGrants/west");
}

TEST(OrderTest, WhatLiesInNoStockIsPromisedAtOnce) {
  Order order = OfS2();
  order.lines[1] = {.line = 2, .product = "fitting", .quantity = D("5"), .free_of_charge = true};
  OrderInputs inputs = InputsOfS2();
  inputs.exposure.terms.clear();
  inputs.kits["fitting"] = {};
  ASSERT_OK_AND_ASSIGN(const Order placed, Place(order, inputs, kNow));
  std::vector<std::string> stock;
  for (const OrderCheck& check : placed.checks) {
    if (check.kind == CheckKind::kStock) stock.push_back(check.resource);
  }
  EXPECT_THAT(stock, ::testing::ElementsAre("products/x"));
  ASSERT_OK_AND_ASSIGN(const Confirmation part, Confirm(placed, {}, inputs, kNow));
  EXPECT_EQ(part.order.lines[0].confirmed, D("90"));
  EXPECT_EQ(part.order.lines[1].confirmed, D("5"));
  ASSERT_EQ(part.promises.size(), 1u);
  EXPECT_EQ(part.promises[0].product, "x");
}

// A kit of two wheels and a bell: 100 kits are wanted, and 30 wheels besides.
TEST(OrderTest, AKitIsPromisedByItsParts) {
  Order order = OfS2();
  order.lines[0].product = "set";
  order.lines[1] = {.line = 2, .product = "wheel", .quantity = D("30"), .free_of_charge = true};
  OrderInputs inputs = InputsOfS2();
  inputs.exposure.terms.clear();
  inputs.kits["set"] = {{"bell", D("1")}, {"wheel", D("2")}};
  inputs.supply["bell"].supplied = {{Day("04-01"), D("60")}};
  inputs.supply["wheel"].supplied = {{Day("04-01"), D("101")}, {Day("04-20"), D("200")}};
  ASSERT_OK_AND_ASSIGN(const Order placed, Place(order, inputs, kNow));
  std::vector<std::string> stock;
  for (const OrderCheck& check : placed.checks) {
    if (check.kind == CheckKind::kStock) stock.push_back(StrCat(check.got.ToString(), " ", check.why));
  }
  EXPECT_THAT(stock, ::testing::ElementsAre(
                         "100 products/bell, a part of products/set: 60 can be promised for 2026-04-01, the whole for "
                         "no day yet",
                         "230 products/wheel, a part of products/set: 101 can be promised for 2026-04-01, the whole "
                         "for 2026-04-20"));

  // 101 wheels are for 50 kits; one is left for the second line.
  ASSERT_OK_AND_ASSIGN(const Confirmation part, Confirm(placed, {}, inputs, kNow));
  EXPECT_EQ(part.order.lines[0].confirmed, D("50"));
  EXPECT_EQ(part.order.lines[1].confirmed, D("1"));
  std::vector<std::string> promised;
  for (const Promise& one : part.promises) {
    promised.push_back(StrCat(one.line, " ", one.product, " ", one.quantity.ToString()));
  }
  EXPECT_THAT(promised, ::testing::ElementsAre("1 bell 50", "1 wheel 100", "2 wheel 1"));
  const auto more = Confirm(placed, {{1, D("51"), {}}}, inputs, kNow);
  EXPECT_THAT(more, HasReason(Reason::kOrderCheckFailed));
  EXPECT_THAT(std::string(Std(more.status().message())),
              ::testing::HasSubstr("got 102, want at most 101: what can be promised for 2026-04-01 of products/wheel, "
                                   "a part of products/set"));

  // 20 kits are shipped: of each part the same share stays promised.
  OrderProgress progress;
  progress.shipped[1] = D("20");
  ASSERT_OK_AND_ASSIGN(const Confirmation canceled, Cancel(part.order, progress, part.promises, kNow));
  promised.clear();
  for (const Promise& one : canceled.promises) {
    promised.push_back(StrCat(one.line, " ", one.product, " ", one.quantity.ToString()));
  }
  EXPECT_THAT(promised, ::testing::UnorderedElementsAre("1 bell 20", "1 wheel 40", "2 wheel 0"));
}

TEST(OrderTest, HowFarItHasCome) {
  Order order = OfS2();
  order.state = OrderState::kConfirmed;
  order.lines[0].confirmed = D("100");
  order.lines[1].confirmed = D("2");
  Order canceled = order;
  canceled.state = OrderState::kCanceled;
  canceled.lines[0].confirmed = D("40");
  canceled.lines[1].confirmed = D("0");
  const std::map<int, Decimal> all = {{1, D("100")}, {2, D("2")}};
  const struct {
    const char* what;
    Order order;
    OrderProgress progress;
    Fulfillment fulfillment;
  } kCases[] = {
      {"nothing", order, {}, Fulfillment::kNotShipped},
      {"billed and paid before it is shipped", order, {.invoiced = all, .settled = true}, Fulfillment::kNotShipped},
      {"a part", order, {.shipped = {{1, D("100")}}}, Fulfillment::kPartShipped},
      {"all", order, {.shipped = all}, Fulfillment::kShipped},
      {"all but one received", order, {.shipped = all, .received = {{1, D("99")}, {2, D("2")}}}, Fulfillment::kShipped},
      {"the last one lost",
       order,
       {.shipped = all, .received = {{1, D("99")}, {2, D("2")}}, .lost = {{1, D("1")}}},
       Fulfillment::kReceived},
      {"paid on its way", order, {.shipped = all, .invoiced = all, .settled = true}, Fulfillment::kShipped},
      {"received, not billed whole",
       order,
       {.shipped = all, .received = all, .invoiced = {{1, D("99")}}, .settled = true},
       Fulfillment::kReceived},
      {"what is free need not be billed",
       order,
       {.shipped = all, .received = all, .invoiced = {{1, D("100")}}, .settled = true},
       Fulfillment::kSettled},
      {"canceled: what stayed", canceled, {.shipped = {{1, D("40")}}}, Fulfillment::kShipped},
      {"canceled before anything left", canceled, {}, Fulfillment::kNotShipped},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(NameOf(FulfillmentOf(c.order, c.progress)), NameOf(c.fulfillment)) << c.what;
  }
  // What is told differs where any figure does.
  EXPECT_EQ(TextOf(order, {.shipped = {{1, D("0")}}}), TextOf(order, {}));
  for (const OrderProgress& progress :
       {OrderProgress{.shipped = {{1, D("1")}}}, OrderProgress{.received = {{1, D("1")}}},
        OrderProgress{.lost = {{2, D("1")}}}, OrderProgress{.invoiced = {{1, D("1")}}}}) {
    EXPECT_NE(TextOf(order, progress), TextOf(order, {}));
  }
}

TEST(OrderTest, PartsOfAnAmountSumToTheWhole) {
  OrderLine line{.line = 1, .product = "x", .quantity = D("3"), .gross_amount = D("100")};
  EXPECT_EQ(line.GrossOf(D("1")), D("33.333333"));
  EXPECT_EQ(line.GrossOf(D("2")) - line.GrossOf(D("1")), D("33.333334"));
  EXPECT_EQ(line.GrossOf(D("3")) - line.GrossOf(D("2")), D("33.333333"));
  EXPECT_EQ(RateOf(D("102"), D("102")), D("1"));
  EXPECT_EQ(RateOf(D("1"), D("3")), D("0.333333"));
}

TEST(OrderTest, ContentAddsUp) {
  Order order = OfS2();
  order.requested_date = Day("03-31");
  order.lines[0].net_amount = D("71999");
  order.lines[1].line = 1;
  order.lines[1].net_amount = order.lines[1].gross_amount = D("1");
  const absl::Status status = CheckContent(order);
  for (const char* field : {"requested_date", "lines[0].gross_amount", "lines[1].line", "lines[1].gross_amount"}) {
    EXPECT_THAT(status, Blames(field));
  }
  EXPECT_OK(CheckContent(OfS2()));
}

}  // namespace
}  // namespace tributary::inventory
