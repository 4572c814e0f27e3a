// Scenario S2 from the order to the last payment with the wallet in incentive-service, both services as they run: the
// facts in order, reversed, shuffled, each told twice, between the decisions or all before them.

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_wallets.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Facts = std::vector<std::function<void()>>;

class ScenarioS2WalletTest : public WalletOrdersTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Supplied("04-01", 90);
    Supplied("04-20", 60);
  }
  // As the parameter has it.
  void Tell(Facts facts) {
    const std::string how = GetParam();
    if (how.find("doubled") != std::string::npos) {
      const Facts once = facts;
      facts.insert(facts.end(), once.begin(), once.end());
    }
    if (how.find("reversed") != std::string::npos) std::reverse(facts.begin(), facts.end());
    if (how.find("shuffled") != std::string::npos) std::shuffle(facts.begin(), facts.end(), random_);
    for (const auto& fact : facts) fact();
  }
  Facts BeforeTheOrder() {
    return {[this] { Bill("INV0", "02-20", "03-22", 30000, 1); }};
  }
  Facts OfTheFirstPart() {
    return {[this] {
              Ship("SH1", "o1", {{1, 90}}, false, "04-02");
            },
            [this] { Bill("INV1", "04-02", "05-02", 64800, 90, "o1"); }, [this] { Pay("P0", "04-22", 30000, "INV0"); }};
  }
  Facts OfTheRest() {
    return {[this] {
              Ship("SH2", "o1", {{1, 10}, {2, 2}}, false, "04-23");
            },
            [this] { Bill("INV2", "04-23", "05-23", 7200, 10, "o1"); }, [this] { Pay("P1", "05-02", 40000); },
            [this] { Pay("P2", "05-03", 32000); }};
  }
  void Write() {
    ASSERT_OK_AND_ASSIGN(const Order draft, DraftWith("h1", "o1", {Line(1, 100, 80000), Line(2, 2, 0, true)}));
    EXPECT_EQ(draft.state(), Order::DRAFT);
    EXPECT_EQ(Text(draft.wallet_amount()), "0");
  }
  void Hold() {
    ASSERT_OK(wallets_.Make("h1", "o1", 8000));
    EXPECT_EQ(wallets_.TextOf("h1"), "w1 3000-0-0, w2 5000-0-0");
  }
  void ExpectTheEnd() {
    AwaitWallet("0/0/0:");
    EXPECT_EQ(wallets_.TextOf("h1"), "w1 3000-3000-0, w2 5000-5000-0");
    EXPECT_EQ(wallets_.Mismatches(), 0);
    Progress();
    ASSERT_OK_AND_ASSIGN(const Order order, Get("o1"));
    EXPECT_EQ(order.state(), Order::CONFIRMED);
    EXPECT_EQ(order.fulfillment(), Order::SETTLED);
    EXPECT_EQ(Text(order.wallet_used_amount()), "8000");
    EXPECT_EQ(Text(order.billed_gross_amount()), "72000");
    EXPECT_EQ(Text(order.gross_amount()), "80000");
    EXPECT_EQ(Available("04-23").available().value(), "48");
    EXPECT_EQ(Text(Exposure().exposure()), "0");
    EXPECT_TRUE(inventory_.Check()->balanced());
  }

  std::mt19937 random_{20260401};
};

TEST_P(ScenarioS2WalletTest, BetweenTheDecisions) {
  Tell(BeforeTheOrder());
  Write();
  ASSERT_OK_AND_ASSIGN(const Order waiting, Place("o1"));
  EXPECT_EQ(waiting.state(), Order::PENDING_FUNDS);
  EXPECT_EQ(CheckOf(waiting, v1::OrderCheck::WALLET).outcome(), v1::OrderCheck::UNDECIDED);
  EXPECT_FALSE(CheckOf(waiting, v1::OrderCheck::WALLET).has_got());
  EXPECT_THAT(Confirm("o1"), HasReason(Reason::kStateConflict));
  Hold();
  AwaitState("o1", Order::ON_HOLD);
  ASSERT_OK_AND_ASSIGN(const Order placed, Get("o1"));
  EXPECT_EQ(CheckOf(placed, v1::OrderCheck::WALLET).outcome(), v1::OrderCheck::PASSED);
  EXPECT_EQ(CheckOf(placed, v1::OrderCheck::WALLET).limit().value(), "80000");
  EXPECT_EQ(CheckOf(placed, v1::OrderCheck::CREDIT).got().value(), "102000");
  EXPECT_EQ(Text(placed.lines(0).wallet_amount()), "8000");
  EXPECT_EQ(Text(placed.lines(0).billed_net_amount()), "72000");
  EXPECT_EQ(Text(placed.lines(0).net_amount()), "80000");
  EXPECT_EQ(Text(placed.lines(1).wallet_amount()), "0");

  ASSERT_OK_AND_ASSIGN(const Order part, Confirm("o1"));
  EXPECT_EQ(Text(part.open_amount()), "64800");
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  EXPECT_EQ(part.state(), Order::ON_HOLD);
  EXPECT_EQ(CheckOf(part, v1::OrderCheck::CREDIT).got().value(), "102000");
  EXPECT_THAT(CheckOf(part, v1::OrderCheck::CREDIT).why(), HasSubstr("short by 2000"));
  EXPECT_THAT(Release("o1"), HasReason(Reason::kOrderCheckFailed));
  EXPECT_EQ(wallets_.Wallet(), "8000/8000/0: w1 0+3000 w2 0+5000");

  Tell(OfTheFirstPart());
  AwaitWallet("800/800/0: w2 0+800");
  EXPECT_EQ(wallets_.TextOf("h1"), "w1 3000-3000-0, w2 5000-4200-0");
  EXPECT_THAT(wallets_.Release("h1"), HasReason(Reason::kInUse));
  EXPECT_THAT(wallets_.Capture("h1"), HasReason(Reason::kInUse));
  ASSERT_OK_AND_ASSIGN(const Order released, Release("o1"));
  EXPECT_EQ(CheckOf(released, v1::OrderCheck::CREDIT).got().value(), "72000");
  ASSERT_OK(Confirm("o1", {{1, 10}, {2, 2}}, "04-23"));
  EXPECT_EQ(Text(Exposure().exposure()), "72000");

  Tell(OfTheRest());
  ExpectTheEnd();
}

// The hold is told before the order is written, and decisions see all facts; what follows is the same.
TEST_P(ScenarioS2WalletTest, AllBeforeTheOrderIsWritten) {
  Facts all = BeforeTheOrder();
  for (const Facts& more : {OfTheFirstPart(), OfTheRest()}) all.insert(all.end(), more.begin(), more.end());
  Tell(all);
  Hold();
  Write();
  ASSERT_OK(Place("o1"));
  AwaitState("o1", Order::PLACED);
  ASSERT_OK(Confirm("o1"));
  ASSERT_OK(Confirm("o1", {{1, 10}, {2, 2}}, "04-23"));
  ExpectTheEnd();
}

INSTANTIATE_TEST_SUITE_P(Facts, ScenarioS2WalletTest,
                         ::testing::Values("in_order", "reversed", "shuffled", "doubled", "doubled_reversed",
                                           "doubled_shuffled"),
                         [](const auto& info) { return std::string(info.param); });

// The back-order is canceled instead: 800 are back in W2, which expires when it did.
TEST_F(WalletOrdersTest, ScenarioS2WithTheBackOrderCanceled) {
  Supplied("04-01", 90);
  Bill("INV0", "02-20", "03-22", 30000, 1);
  ASSERT_OK(wallets_.Make("h1", "o1", 8000));
  ASSERT_OK(DraftWith("h1", "o1", {Line(1, 100, 80000), Line(2, 2, 0, true)}));
  ASSERT_OK(Place("o1"));
  AwaitState("o1", Order::ON_HOLD);
  ASSERT_OK(Confirm("o1"));
  Ship("SH1", "o1", {{1, 90}}, false, "04-02");
  Bill("INV1", "04-02", "05-02", 64800, 90, "o1");
  ASSERT_OK_AND_ASSIGN(const Order canceled, Cancel("o1"));
  EXPECT_EQ(Text(canceled.wallet_used_amount()), "7200");
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  AwaitWallet("800/0/800: w2 800+0");
  EXPECT_EQ(wallets_.TextOf("h1"), "w1 3000-3000-0, w2 5000-4200-800");
  tributary::incentive::v1::GetWalletRequest request;
  request.set_name("partners/acme/wallets/CNY");
  ASSERT_OK_AND_ASSIGN(const auto wallet,
                       wallets_.Call<tributary::incentive::v1::Wallet>("WalletService/GetWallet", request));
  EXPECT_EQ(wallet.lots(0).expires_on().month(), 12);
  // What comes late uses nothing more.
  Ship("SH2", "o1", {{1, 5}}, false, "04-23");
  CatchUp();
  EXPECT_EQ(Text(Get("o1")->wallet_used_amount()), "7200");
  EXPECT_EQ(wallets_.TextOf("h1"), "w1 3000-3000-0, w2 5000-4200-800");
  ASSERT_OK(wallets_.Make("h2", "o2", 800));
  EXPECT_EQ(wallets_.Wallet(), "800/800/0: w2 0+800");
  EXPECT_EQ(wallets_.Mismatches(), 0);
}

// A shipment that never was: what it captured is held again.
TEST_F(WalletOrdersTest, WhatAnUndoneShipmentCapturedIsHeldAgain) {
  Supplied("04-01", 100);
  ASSERT_OK(wallets_.Make("h1", "o1", 8000));
  ASSERT_OK(DraftWith("h1", "o1", {Line(1, 100, 80000)}));
  ASSERT_OK(Place("o1"));
  AwaitState("o1", Order::PLACED);
  ASSERT_OK(Confirm("o1"));
  const std::string import = inventory_.NewImport("shipments").value();
  v1::ShipmentLine line = NewLine("acme", "SH1", 1, "bike", 100);
  line.set_order("partners/acme/orders/o1");
  line.set_order_line(1);
  ASSERT_OK(inventory_.Ship(import, {line}));
  AwaitWallet("0/0/0:");
  ASSERT_OK(inventory_.UndoImport(import));
  AwaitWallet("8000/8000/0: w1 0+3000 w2 0+5000");
  ASSERT_OK(Cancel("o1"));
  AwaitWallet("8000/0/8000: w1 3000+0 w2 5000+0");
  EXPECT_EQ(wallets_.Mismatches(), 0);
}

// A hold that is not for the order holds it, and says why; one that is released before its order is placed, too.
TEST_F(WalletOrdersTest, HoldsThatBackNothing) {
  Supplied("04-01", 100);
  ASSERT_OK(wallets_.Make("h1", "another", 100));
  ASSERT_OK(DraftWith("h1", "o1", {Line(1, 10, 8000)}));
  ASSERT_OK(Place("o1"));
  AwaitState("o1", Order::ON_HOLD);
  EXPECT_THAT(CheckOf(*Get("o1"), v1::OrderCheck::WALLET).why(), HasSubstr("it is for partners/acme/orders/another"));
  EXPECT_THAT(Confirm("o1"), HasReason(Reason::kOrderCheckFailed));
  EXPECT_THAT(Release("o1"), HasReason(Reason::kOrderCheckFailed));
  EXPECT_EQ(Text(Get("o1")->billed_gross_amount()), "8000");

  // Nobody has told that its order is placed, so it can be given back; another one that is placed then is held.
  ASSERT_OK(wallets_.Make("h2", "o2", 200));
  ASSERT_OK(wallets_.Release("h2"));
  ASSERT_OK(DraftWith("h2", "o2", {Line(1, 10, 8000)}));
  ASSERT_OK(Place("o2"));
  AwaitState("o2", Order::ON_HOLD);
  EXPECT_THAT(CheckOf(*Get("o2"), v1::OrderCheck::WALLET).why(), HasSubstr("200 of 200 was released"));
  // Canceled, it takes no hold any more.
  ASSERT_OK(Cancel("o2"));
  ASSERT_OK(DraftWith("h3", "o3", {Line(1, 10, 8000)}));
  ASSERT_OK(Place("o3"));
  ASSERT_OK(Cancel("o3"));
  CatchUp();
  EXPECT_THAT(wallets_.Make("h3", "o3", 1), Blames("wallet_hold.order"));
  EXPECT_EQ(wallets_.Wallet(), "8000/100/7900: w1 2900+100 w2 5000+0");
  EXPECT_EQ(wallets_.Mismatches(), 0);
}

// At most 10 % of an order: 8,000 of 80,000, not of 79,999.
TEST_F(WalletOrdersTest, FinanceLimitsWhatPriceTakes) {
  Supplied("04-01", 100);
  tributary::incentive::v1::UpdateWalletRequest request;
  request.mutable_wallet()->set_name("partners/acme/wallets/CNY");
  request.mutable_wallet()->mutable_price_share_limit()->set_value("0.1");
  ASSERT_OK_AND_ASSIGN(const auto limited,
                       wallets_.Call<tributary::incentive::v1::Wallet>("WalletService/UpdateWallet", request));
  EXPECT_EQ(limited.price_share_limit().value(), "0.1");
  ASSERT_OK(wallets_.Make("h1", "o1", 8000));
  ASSERT_OK(DraftWith("h1", "o1", {Line(1, 100, 79999)}));
  ASSERT_OK(Place("o1"));
  AwaitState("o1", Order::ON_HOLD);
  ASSERT_OK_AND_ASSIGN(const Order held, Get("o1"));
  const v1::OrderCheck& check = CheckOf(held, v1::OrderCheck::WALLET);
  EXPECT_EQ(check.outcome(), v1::OrderCheck::FAILED);
  EXPECT_EQ(check.limit().value(), "7999.9");
  v1::AmendDistributorOrderRequest amend;
  amend.set_name("partners/acme/orders/o1");
  *amend.add_lines() = Line(1, 100, 80000);
  ASSERT_OK_AND_ASSIGN(const Order amended,
                       inventory_.Call<Order>("DistributorOrderService/AmendDistributorOrder", amend));
  EXPECT_EQ(amended.state(), Order::PLACED);
  EXPECT_EQ(Text(amended.billed_gross_amount()), "72000");
}

TEST_F(WalletOrdersTest, TheNameOfAHoldIsLookedAt) {
  v1::CreateDistributorOrderRequest request;
  request.set_parent("partners/acme");
  v1::DistributorOrder& order = *request.mutable_order();
  *order.mutable_order_date() = *order.mutable_requested_date() = On("04-01");
  *order.add_lines() = Line(1, 10, 8000);
  const auto create = [&] { return inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", request); };
  order.set_wallet_use(Order::PRICE);
  EXPECT_THAT(create(), Blames("order.wallet_use"));
  order.set_wallet_hold("partners/acme/wallets/CNY");
  EXPECT_THAT(create(), Blames("order.wallet_hold"));
  // By its name alone, whether there is one or not.
  order.set_wallet_hold("partners/bolt/wallets/CNY/holds/h1");
  EXPECT_THAT(create(), HasReason(Reason::kPermissionDenied));
  order.set_wallet_hold(TestWallets::NameOf("h1"));
  ASSERT_OK_AND_ASSIGN(const Order draft, create());
  EXPECT_EQ(draft.wallet_hold(), TestWallets::NameOf("h1"));
  EXPECT_EQ(draft.wallet_use(), Order::PRICE);
  // A draft may name another, or none.
  v1::UpdateDistributorOrderRequest update;
  update.mutable_order()->set_name(draft.name());
  update.mutable_update_mask()->add_paths("wallet_hold");
  update.mutable_update_mask()->add_paths("wallet_use");
  ASSERT_OK_AND_ASSIGN(const Order without,
                       inventory_.Call<Order>("DistributorOrderService/UpdateDistributorOrder", update));
  EXPECT_EQ(without.wallet_hold(), "");
  EXPECT_FALSE(without.has_wallet_amount());
  EXPECT_EQ(Text(without.billed_gross_amount()), "8000");
}

// 64 clients order with all that the wallet has.
TEST_F(WalletOrdersTest, HoldsOfACrowdNeverExceedTheWallet) {
  constexpr int kClients = 64;
  std::atomic<int> held = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        const std::string order = StrCat("o", i), hold = StrCat("h", i);
        const auto until_answered = [](const auto& ask) {
          auto status = ask();
          while (ReasonOf(status) == Reason::kConflictRetry || ReasonOf(status) == Reason::kOverloaded) status = ask();
          return status;
        };
        EXPECT_OK(until_answered([&] { return DraftWith(hold, order, {Line(1, 100, 80000)}).status(); }));
        EXPECT_OK(until_answered([&] { return Place(order).status(); }));
        const absl::Status made = until_answered([&] { return wallets_.Make(hold, order, 8000).status(); });
        if (made.ok()) ++held;
        if (!made.ok()) {
          EXPECT_THAT(made, HasReason(Reason::kAllocationExceeds));
        }
      });
    }
  }
  EXPECT_EQ(held, 1);
  EXPECT_EQ(wallets_.Wallet(), "8000/8000/0: w1 0+3000 w2 0+5000");
  int backed = 0, waiting = 0;
  EXPECT_TRUE(Eventually([&] {
    backed = waiting = 0;
    v1::ListDistributorOrdersRequest request;
    request.set_parent("partners/acme");
    request.set_page_size(100);
    const auto page =
        inventory_.Call<v1::ListDistributorOrdersResponse>("DistributorOrderService/ListDistributorOrders", request);
    for (const Order& order : page->orders()) {
      backed += Text(order.wallet_amount()) == "8000";
      waiting += order.state() == Order::PENDING_FUNDS;
    }
    return backed == 1;
  }));
  EXPECT_EQ(waiting, kClients - 1);
  EXPECT_EQ(wallets_.Mismatches(), 0);
}

}  // namespace
}  // namespace tributary::inventory
