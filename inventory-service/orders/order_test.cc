#include "inventory-service/orders/order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"

namespace tributary::inventory {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

Decimal D(const char* text) { return Decimal::Parse(text).value(); }
Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

// Of scenario S2: 100 at 720 net, and two free.
Order OfS2() {
  Order order;
  order.partner = "p2";
  order.id = "o1";
  order.order_date = order.requested_date = Day("04-01");
  order.currency = "CNY";
  order.lines = {{.line = 1,
                  .product = "x",
                  .quantity = D("100"),
                  .list_price = D("800"),
                  .discount = D("8000"),
                  .net_amount = D("72000"),
                  .gross_amount = D("72000")},
                 {.line = 2, .product = "x", .quantity = D("2"), .free_of_charge = true, .list_price = D("800")}};
  return order;
}

OrderInputs InputsOfS2() {
  OrderInputs inputs;
  inputs.exposure.terms = {{ExposureKind::kOpenInvoice, "INV0", D("30000")}};
  inputs.exposure.line = CreditLine{
      .partner = "p2", .id = "main", .currency = "CNY", .limit = D("100000"), .valid = {Day("01-01"), OpenEnd()}};
  inputs.supply["x"].supplied = {{Day("04-01"), D("90")}, {Day("04-20"), D("60")}};
  return inputs;
}

const OrderCheck& CheckOf(const Order& order, CheckKind kind) {
  for (const OrderCheck& check : order.checks) {
    if (check.kind == kind) return check;
  }
  static const OrderCheck none{};
  return none;
}

PriceCandidate Price(const char* amount, PricingBasis basis = PricingBasis::kList, bool tax_inclusive = false) {
  PriceCandidate candidate;
  candidate.entry.price_list = "standard";
  candidate.entry.id = "x";
  candidate.entry.product = "x";
  candidate.entry.price = {"CNY", D(amount)};
  candidate.entry.basis = basis;
  candidate.entry.tax_inclusive = tax_inclusive;
  candidate.entry.effective = {Day("01-01"), OpenEnd()};
  return candidate;
}

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
  for (int number = 1; number <= 6; ++number) {
    const auto state = static_cast<OrderState>(number);
    SCOPED_TRACE(std::string(NameOf(state)));
    const bool draft = state == OrderState::kDraft, canceled = state == OrderState::kCanceled;
    const bool confirmable =
        state == OrderState::kPlaced || state == OrderState::kOnHold || state == OrderState::kPartConfirmed;
    const auto refused = [](const auto& result) { return ReasonOf(result.status()) == Reason::kStateConflict; };
    EXPECT_EQ(!refused(Place(in(state), inputs, kNow)), draft);
    EXPECT_EQ(!refused(Confirm(in(state), {}, inputs, kNow)), confirmable);
    EXPECT_EQ(!refused(Release(in(state), inputs, kNow)), state == OrderState::kOnHold);
    EXPECT_EQ(!refused(Amend(in(state), OfS2().lines, inputs, kNow)), !draft && !canceled);
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

TEST(OrderTest, PricesAreComparedOnTheirBasis) {
  const struct {
    PriceCandidate price;
    CheckOutcome outcome;
  } kCases[] = {{Price("800"), CheckOutcome::kPassed},
                {Price("800.000001"), CheckOutcome::kFailed},
                {Price("720", PricingBasis::kNet), CheckOutcome::kPassed},
                {Price("720.000001", PricingBasis::kNet), CheckOutcome::kFailed},
                {Price("720", PricingBasis::kList, true), CheckOutcome::kPassed},
                {Price("721", PricingBasis::kList, true), CheckOutcome::kFailed}};
  for (const auto& c : kCases) {
    OrderInputs inputs = InputsOfS2();
    inputs.prices["x"] = {c.price};
    const auto checks = RunChecks(OfS2(), inputs);
    EXPECT_EQ(checks.back().kind, CheckKind::kPrice);
    EXPECT_EQ(checks.back().outcome, c.outcome) << c.price.entry.price.amount.ToString();
    EXPECT_EQ(checks.back().line, 1);  // the free line has no price to check
  }
}

TEST(OrderTest, AnAmendedOrderKeepsWhatIsConfirmed) {
  Order order = OfS2();
  order.state = OrderState::kPartConfirmed;
  order.lines[0].confirmed = D("90");
  const auto lines = [&](void (*change)(std::vector<OrderLine>&)) {
    std::vector<OrderLine> changed = OfS2().lines;
    change(changed);
    return changed;
  };
  OrderInputs inputs = InputsOfS2();
  inputs.exposure.terms.clear();
  EXPECT_THAT(Amend(order, lines([](auto& l) { l.erase(l.begin()); }), inputs, kNow), Blames("lines"));
  EXPECT_THAT(Amend(order, lines([](auto& l) { l[0].product = "y"; }), inputs, kNow), Blames("lines[0].product"));
  EXPECT_THAT(
      Amend(order, lines([](auto& l) { l[0].quantity = D("89"), l[0].net_amount = l[0].gross_amount = D("64080"); }),
            inputs, kNow),
      Blames("lines[0].quantity"));
  EXPECT_THAT(Amend(order, lines([](auto& l) { l[0].net_amount = l[0].gross_amount = D("71000"); }), inputs, kNow),
              Blames("lines[0].gross_amount"));
  // Down to what is confirmed, without the free line: all of it is confirmed.
  const auto amended = Amend(order, lines([](auto& l) {
                               l.pop_back();
                               l[0].quantity = D("90"), l[0].net_amount = l[0].gross_amount = D("64800");
                             }),
                             inputs, kNow);
  ASSERT_OK(amended);
  EXPECT_EQ(amended->state, OrderState::kConfirmed);
  EXPECT_EQ(amended->lines[0].confirmed, D("90"));
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
