#include "inventory-service/orders/wallet_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "inventory-service/orders/testing_order.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kHold[] = "partners/p2/wallets/CNY/holds/h1";

OrderLine LineOf(int number, const char* quantity, const char* net, bool free = false) {
  return {.line = number,
          .product = "x",
          .quantity = D(quantity),
          .free_of_charge = free,
          .list_price = D("800"),
          .net_amount = D(net),
          .gross_amount = D(net)};
}

// Of scenario S2: 100 at 800, and two free, with a hold of 8,000.
Order WithHold() {
  Order order;
  order.partner = "p2";
  order.id = "o1";
  order.site = "main";
  order.order_date = order.requested_date = Day("04-01");
  order.currency = "CNY";
  order.wallet_hold = kHold;
  order.lines = {LineOf(1, "100", "80000"), LineOf(2, "2", "0", true)};
  return order;
}

WalletHold HoldOf(const char* amount, WalletUse use = WalletUse::kPrice) {
  return {.partner = "p2", .currency = "CNY", .id = "h1", .use = use, .order = "o1", .amount = D(amount)};
}

OrderInputs InputsOf(std::optional<WalletHold> hold) {
  OrderInputs inputs;
  inputs.exposure.terms = {{ExposureKind::kOpenInvoice, "INV0", D("30000")}};
  inputs.exposure.line = CreditLine{
      .partner = "p2", .id = "main", .currency = "CNY", .limit = D("100000"), .valid = {Day("01-01"), OpenEnd()}};
  inputs.supply["x"].supplied = {{Day("04-01"), D("90")}, {Day("04-20"), D("60")}};
  inputs.wallet_hold = std::move(hold);
  return inputs;
}

std::vector<std::string> SharesOf(Order order, const WalletHold& hold) {
  ShareWallet(&order, InputsOf(hold));
  std::vector<std::string> shares;
  for (const OrderLine& line : order.lines) {
    shares.push_back(StrCat(line.wallet_amount.ToString(), "-", line.wallet_discount.ToString()));
  }
  return shares;
}

TEST(WalletCheckTest, WhyAHoldIsNotThere) {
  const auto with = [](void (*change)(WalletHold&)) {
    WalletHold hold = HoldOf("8000");
    change(hold);
    return hold;
  };
  const auto says = [](WalletUse use) {
    Order order = WithHold();
    order.wallet_use = use;
    return order;
  };
  Order in_dollars = WithHold();
  in_dollars.currency = "USD";
  Order tiny = WithHold();
  tiny.lines = {LineOf(1, "1", "0.005"), LineOf(2, "1", "0.005")};
  Order taxed = WithHold();
  taxed.lines[0].tax_amount = D("10400");
  taxed.lines[0].gross_amount = D("90400");
  using Outcome = CheckOutcome;
  const struct {
    const char* what;
    Order order;
    std::optional<WalletHold> hold;
    const char* got;
    const char* bound;
    const char* why;
    Outcome outcome;
  } kCases[] = {
      {"of another currency", in_dollars, HoldOf("8000"), "0", "0", "another wallet than the one in USD",
       Outcome::kFailed},
      {"of another currency, not told", in_dollars, {}, "0", "0", "another wallet", Outcome::kFailed},
      {"not told", WithHold(), {}, "0", "0", "has not told of it yet", Outcome::kUndecided},
      {"for another order", WithHold(), with([](WalletHold& hold) { hold.order = "o2"; }), "8000", "0",
       "it is for partners/p2/orders/o2", Outcome::kFailed},
      {"for none", WithHold(), with([](WalletHold& hold) { hold.order = ""; }), "8000", "0", "for no order",
       Outcome::kFailed},
      {"for cash", WithHold(), HoldOf("8000", WalletUse::kCash), "8000", "0", "for CASH", Outcome::kFailed},
      {"for another use", says(WalletUse::kPayment), HoldOf("8000"), "8000", "0",
       "it is for PRICE, the order says PAYMENT", Outcome::kFailed},
      {"for the use", says(WalletUse::kPrice), HoldOf("8000"), "8000", "80000", "held for PRICE", Outcome::kPassed},
      {"released in part", WithHold(), with([](WalletHold& hold) { hold.released = D("0.01"); }), "8000", "0",
       "0.01 of 8000 was released", Outcome::kFailed},
      {"more than the net amounts", taxed, HoldOf("80000.01"), "80000.01", "80000",
       "of at most 80000, what the lines come to without tax", Outcome::kFailed},
      {"just the net amounts", taxed, HoldOf("80000"), "80000", "80000", "", Outcome::kPassed},
      {"more than the gross amounts", taxed, HoldOf("90400.01", WalletUse::kPayment), "90400.01", "90400", "with tax",
       Outcome::kFailed},
      {"just the gross amounts", taxed, HoldOf("90400", WalletUse::kPayment), "90400", "90400", "", Outcome::kPassed},
      {"more than the free lines", WithHold(), HoldOf("1600.01", WalletUse::kGoods), "1600.01", "1600",
       "free of charge", Outcome::kFailed},
      {"just the free lines", WithHold(), HoldOf("1600", WalletUse::kGoods), "1600", "1600", "", Outcome::kPassed},
      {"a share above its line", tiny, HoldOf("0.01"), "0.01", "0.01", "of it 0.01 would fall on a line of 0.005",
       Outcome::kFailed},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const OrderCheck check = WalletCheck(c.order, InputsOf(c.hold));
    EXPECT_EQ(check.outcome, c.outcome);
    EXPECT_EQ(check.got, D(c.got));
    EXPECT_EQ(check.bound, D(c.bound));
    EXPECT_THAT(check.why, HasSubstr(c.why));
    EXPECT_EQ(check.resource, kHold);
    // Where it is not passed nothing falls on any line.
    Order order = c.order;
    order.lines[0].wallet_amount = order.lines[0].wallet_discount = D("1");
    ShareWallet(&order, InputsOf(c.hold));
    Decimal shared;
    for (const OrderLine& line : order.lines) shared += line.wallet_amount;
    EXPECT_EQ(shared, c.outcome == Outcome::kPassed ? c.hold->amount : Decimal());
  }
}

// S2: at most 10 % of an order.
TEST(WalletCheckTest, FinanceLimitsWhatPriceTakes) {
  const auto outcome = [](const char* amount, WalletUse use, const char* limit) {
    OrderInputs inputs = InputsOf(HoldOf(amount, use));
    inputs.wallet_price_share = D(limit);
    const OrderCheck check = WalletCheck(WithHold(), inputs);
    return StrCat(check.outcome == CheckOutcome::kPassed ? "passed at most " : "failed at most ",
                  check.bound.ToString());
  };
  EXPECT_EQ(outcome("8000", WalletUse::kPrice, "0.1"), "passed at most 8000");
  EXPECT_EQ(outcome("8000.01", WalletUse::kPrice, "0.1"), "failed at most 8000");
  EXPECT_EQ(outcome("0.01", WalletUse::kPrice, "0"), "failed at most 0");
  EXPECT_EQ(outcome("80000", WalletUse::kPrice, "1"), "passed at most 80000");
  EXPECT_EQ(outcome("80000", WalletUse::kPayment, "0.1"), "passed at most 80000");
  EXPECT_EQ(outcome("1600", WalletUse::kGoods, "0.1"), "passed at most 1600");
}

TEST(WalletCheckTest, EachUseFallsOnItsLines) {
  Order order = WithHold();
  EXPECT_THAT(SharesOf(order, HoldOf("8000")), ElementsAre("8000-8000", "0-0"));
  EXPECT_THAT(SharesOf(order, HoldOf("8000", WalletUse::kPayment)), ElementsAre("8000-0", "0-0"));
  EXPECT_THAT(SharesOf(order, HoldOf("1000", WalletUse::kGoods)), ElementsAre("0-0", "1000-0"));
  // Cents by largest remainder, the earlier line first.
  order.lines = {LineOf(1, "1", "100"), LineOf(2, "1", "100"), LineOf(3, "1", "100")};
  EXPECT_THAT(SharesOf(order, HoldOf("100")), ElementsAre("33.34-33.34", "33.33-33.33", "33.33-33.33"));
  order.currency = "JPY";
  order.wallet_hold = "partners/p2/wallets/JPY/holds/h1";
  WalletHold yen = HoldOf("100");
  yen.currency = "JPY";
  EXPECT_THAT(SharesOf(order, yen), ElementsAre("34-34", "33-33", "33-33"));
}

// The figures of S2 with the wallet where it belongs: beside the price, not in the discount.
TEST(WalletCheckTest, TheFiguresOfScenarioS2) {
  OrderInputs inputs = InputsOf(HoldOf("8000"));
  // A net price of 800 holds before what the wallet gives.
  PriceCandidate price;
  price.entry.price_list = "standard";
  price.entry.id = "x";
  price.entry.product = "x";
  price.entry.price = {"CNY", D("800")};
  price.entry.basis = PricingBasis::kNet;
  price.entry.effective = {Day("01-01"), OpenEnd()};
  inputs.prices["x"] = {price};
  ASSERT_OK_AND_ASSIGN(const Order placed, Place(WithHold(), inputs, kNow));
  EXPECT_EQ(placed.lines[0].billed_net(), D("72000"));
  EXPECT_EQ(placed.lines[0].GrossOf(D("1")), D("720"));
  EXPECT_EQ(CheckOf(placed, CheckKind::kWallet).outcome, CheckOutcome::kPassed);
  EXPECT_EQ(CheckOf(placed, CheckKind::kPrice).outcome, CheckOutcome::kPassed);
  EXPECT_EQ(placed.state, OrderState::kOnHold);
  EXPECT_EQ(CheckOf(placed, CheckKind::kCredit).got, D("102000"));
  ASSERT_OK_AND_ASSIGN(const Confirmation part, Confirm(placed, {}, inputs, kNow));
  EXPECT_EQ(OpenAmount(part.order, {}), D("64800"));
  EXPECT_THAT(CheckOf(part.order, CheckKind::kCredit).why, HasSubstr("short by 2000"));
  EXPECT_EQ(WalletUsed(part.order, {}), D("0"));
  EXPECT_EQ(WalletUsed(part.order, {.shipped = {{1, D("90")}}}), D("7200"));
  EXPECT_EQ(WalletUsed(part.order, {.shipped = {{1, D("100")}, {2, D("2")}}}), D("8000"));
  // Canceled, what was shipped keeps its price, and what comes later uses nothing more.
  ASSERT_OK_AND_ASSIGN(const Confirmation canceled, Cancel(part.order, {.shipped = {{1, D("90")}}}, {}, kNow));
  EXPECT_EQ(OpenAmount(canceled.order, {.invoiced = {{1, D("80")}}}), D("7200"));
  EXPECT_EQ(WalletUsed(canceled.order, {.shipped = {{1, D("95")}}}), D("7200"));
}

TEST(WalletCheckTest, AnOrderWaitsForItsHold) {
  const OrderInputs untold = InputsOf(std::nullopt), told = InputsOf(HoldOf("8000"));
  ASSERT_OK_AND_ASSIGN(const Order waiting, Place(WithHold(), untold, kNow));
  EXPECT_EQ(waiting.state, OrderState::kPendingFunds);
  EXPECT_EQ(PlacedVerb(waiting.state), "pending_funds");
  EXPECT_EQ(waiting.lines[0].billed_net(), D("80000"));
  EXPECT_THAT(Confirm(waiting, {}, told, kNow), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Release(waiting, told, kNow), HasReason(Reason::kStateConflict));
  EXPECT_OK(Cancel(waiting, {}, {}, kNow));
  ASSERT_OK_AND_ASSIGN(const Confirmation amended, Amend(waiting, {WithHold().lines}, {}, {}, untold, kNow));
  EXPECT_EQ(amended.order.state, OrderState::kPendingFunds);

  EXPECT_EQ(FollowHold(waiting, untold, kNow), std::nullopt);
  const std::optional<Order> held = FollowHold(waiting, told, kNow);
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->state, OrderState::kOnHold);  // by credit
  EXPECT_EQ(held->version, waiting.version + 1);
  EXPECT_EQ(held->place_time, kNow);
  EXPECT_EQ(held->lines[0].billed_net(), D("72000"));
  EXPECT_EQ(FollowHold(*held, told, kNow), std::nullopt);  // told again
  OrderInputs paid = told;
  paid.exposure.terms.clear();
  EXPECT_EQ(FollowHold(waiting, paid, kNow)->state, OrderState::kPlaced);
}

// What a hold no longer backs is billed in full and held; what is confirmed stays so.
TEST(WalletCheckTest, AReleasedHoldBacksNothing) {
  OrderInputs inputs = InputsOf(HoldOf("8000"));
  inputs.exposure.terms.clear();
  ASSERT_OK_AND_ASSIGN(const Order placed, Place(WithHold(), inputs, kNow));
  ASSERT_OK_AND_ASSIGN(const Confirmation part, Confirm(placed, {}, inputs, kNow));
  EXPECT_EQ(part.order.state, OrderState::kPartConfirmed);
  inputs.wallet_hold->released = D("8000");
  const std::optional<Order> held = FollowHold(part.order, inputs, kNow);
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->state, OrderState::kOnHold);
  EXPECT_EQ(OpenAmount(*held, {}), D("72000"));
  EXPECT_THAT(Release(*held, inputs, kNow), HasReason(Reason::kOrderCheckFailed));
  const auto confirmed = Confirm(*held, {{1, D("1"), Day("04-20")}}, inputs, kNow);
  EXPECT_THAT(confirmed, HasReason(Reason::kOrderCheckFailed));
  EXPECT_EQ(DetailOf(confirmed.status()).metadata.at(1).second, "WALLET");
  EXPECT_THAT(std::string(confirmed.status().message()), HasSubstr("WALLET: 8000 of 8000 was released"));

  Order draft = WithHold();
  EXPECT_EQ(FollowHold(draft, inputs, kNow), std::nullopt);
  ASSERT_OK_AND_ASSIGN(const Confirmation canceled, Cancel(part.order, {.shipped = {{1, D("90")}}}, {}, kNow));
  EXPECT_EQ(FollowHold(canceled.order, inputs, kNow), std::nullopt);
}

TEST(WalletCheckTest, AnAmendmentSharesTheHoldAnewUntilSomethingIsShipped) {
  OrderInputs inputs = InputsOf(HoldOf("8000"));
  inputs.exposure.terms.clear();
  ASSERT_OK_AND_ASSIGN(const Order placed, Place(WithHold(), inputs, kNow));
  ASSERT_OK_AND_ASSIGN(const Confirmation fewer, Amend(placed, {{LineOf(1, "50", "40000")}}, {}, {}, inputs, kNow));
  EXPECT_EQ(fewer.order.lines[0].billed_net(), D("32000"));
  ASSERT_OK_AND_ASSIGN(const Confirmation too_few, Amend(placed, {{LineOf(1, "9", "7200")}}, {}, {}, inputs, kNow));
  EXPECT_EQ(too_few.order.state, OrderState::kOnHold);
  EXPECT_EQ(too_few.order.lines[0].billed_net(), D("7200"));
  for (const OrderProgress& under_way :
       {OrderProgress{.shipped = {{1, D("1")}}}, OrderProgress{.invoiced = {{1, D("1")}}}}) {
    EXPECT_THAT(Amend(placed, {WithHold().lines}, under_way, {}, inputs, kNow), HasReason(Reason::kInUse));
  }
}

// However the units of the lines are shipped, what is used only grows and ends at the whole hold.
TEST(WalletCheckTest, StepsSumToTheWhole) {
  std::mt19937 random(20260401);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 300; ++round) {
    Order order = WithHold();
    order.lines.clear();
    Decimal net;
    for (int number = pick(1, 5); number > 0; --number) {
      order.lines.push_back(
          LineOf(number, StrCat(pick(1, 40)).c_str(), StrCat(pick(1, 5000), ".", pick(10, 99)).c_str()));
      net += order.lines.back().net_amount;
    }
    const Decimal amount = Decimal::FromMicros(net.micros() / 10000 / pick(1, 12) * 10000);
    if (amount.zero()) continue;
    ShareWallet(&order, InputsOf(HoldOf(amount.ToString().c_str())));
    OrderProgress progress;
    Decimal used;
    for (int step = 0; step < 200; ++step) {
      const OrderLine& line = order.lines[pick(0, static_cast<int>(order.lines.size()) - 1)];
      progress.shipped[line.line] += D("1");
      const Decimal now = WalletUsed(order, progress);
      ASSERT_LE(used, now);
      ASSERT_LE(now, amount);
      used = now;
    }
    for (const OrderLine& line : order.lines) progress.shipped[line.line] = line.quantity + D("1");
    ASSERT_EQ(WalletUsed(order, progress), amount);
  }
}

}  // namespace
}  // namespace tributary::inventory
