// Holds as they are told, and the orders that name them, on a real database.

#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/wire/wire.h"
#include "inventory-service/credit/credit_store.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/testing_store.h"
#include "inventory-service/wallet_holds/wallet_feed.h"
#include "inventory-service/wallet_holds/wallet_hold_store.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kHold[] = "partners/acme/wallets/CNY/holds/h1";

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

class WalletFeedStoreTest : public StoreTest {
 protected:
  WalletFeedStoreTest() {
    const CreditLine line{
        .partner = "acme", .id = "main", .currency = "CNY", .limit = D("100000"), .valid = {Day("01-01"), OpenEnd()}};
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return CreditStore().Put(sql, line); }));
  }
  static events::Event Told(const char* released = "0", const char* order = "o1") {
    tributary::incentive::v1::WalletHold hold;
    hold.set_name(kHold);
    hold.set_use(tributary::incentive::v1::WalletHold::PRICE);
    hold.set_order(StrCat("partners/acme/orders/", order));
    *hold.mutable_amount() = wire::ToProto(Money{"CNY", D("8000")});
    *hold.mutable_released() = wire::ToProto(Money{"CNY", D(released)});
    return {.verb = "created",
            .name = hold.name(),
            .type = hold.GetDescriptor()->full_name(),
            .payload = hold.SerializeAsString()};
  }
  static Order New(const char* id, OrderState state) {
    Order order;
    order.partner = "acme";
    order.id = id;
    order.uid = Uuid::New(kStart);
    order.create_time = order.update_time = kStart;
    order.state = state;
    order.order_date = order.requested_date = Day("04-01");
    order.site = "main";
    order.currency = "CNY";
    order.wallet_hold = kHold;
    order.lines = {{.line = 1,
                    .product = "bike",
                    .quantity = D("100"),
                    .list_price = D("800"),
                    .net_amount = D("80000"),
                    .gross_amount = D("80000")}};
    if (state == OrderState::kPendingFunds) {
      order.checks = {{.kind = CheckKind::kWallet, .outcome = CheckOutcome::kUndecided, .why = "not told"}};
    }
    order.told = ToldOf(order, {});
    if (state != OrderState::kDraft) order.place_time = kStart;
    return order;
  }
  void Insert(const Order& order) {
    ASSERT_OK(Do([&](mysql::Transaction& sql) { return OrderStore().Insert(sql, order); }));
  }
  Order Get(const char* id) {
    return Read<Order>([&](mysql::Transaction& sql) { return OrderStore().Get(sql, "acme", id); });
  }
  // "1 placed" of what is told.
  std::vector<std::string> Apply(const std::vector<events::Event>& events) {
    std::vector<std::string> told;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      told.clear();
      events::Outbox outbox;
      RETURN_IF_ERROR(ApplyWalletFeed(sql, events, kStart, outbox));
      for (const events::Told& one : outbox.Count()) told.push_back(StrCat(one.events, " ", one.verb));
      return absl::OkStatus();
    }));
    return told;
  }
  std::optional<WalletHold> Find(const char* name) {
    return Read<std::optional<WalletHold>>([&](mysql::Transaction& sql) { return WalletHoldStore().Find(sql, name); });
  }
};

TEST_F(WalletFeedStoreTest, HoldsAreKeptInWhateverOrderTheyAreTold) {
  EXPECT_EQ(Find(kHold), std::nullopt);
  EXPECT_THAT(Apply({Told("300"), Told("100"), Told(), Told("300")}), IsEmpty());
  const std::optional<WalletHold> hold = Find(kHold);
  ASSERT_TRUE(hold.has_value());
  EXPECT_EQ(hold->name(), kHold);
  EXPECT_EQ(hold->use, WalletUse::kPrice);
  EXPECT_EQ(hold->order, "o1");
  EXPECT_EQ(hold->amount, D("8000"));
  EXPECT_EQ(hold->released, D("300"));
  EXPECT_EQ(Find("partners/acme/wallets/CNY/holds/h2"), std::nullopt);
  EXPECT_EQ(Find("partners/bolt/wallets/CNY/holds/h1"), std::nullopt);
  EXPECT_EQ(Find("no name"), std::nullopt);
  events::Event broken = Told();
  broken.payload = "\xff";
  EXPECT_THAT(Do([&](mysql::Transaction& sql) {
                events::Outbox outbox;
                return ApplyWalletFeed(sql, std::vector{broken}, kStart, outbox);
              }),
              HasReason(Reason::kMalformedRequest));
}

TEST_F(WalletFeedStoreTest, AnOrderGoesOnOnceWhenItsHoldIsTold) {
  Insert(New("o1", OrderState::kPendingFunds));
  Insert(New("draft", OrderState::kDraft));
  Insert(New("given-up", OrderState::kCanceled));
  EXPECT_THAT(Apply({Told(), Told()}), ElementsAre("1 placed"));
  Order order = Get("o1");
  EXPECT_EQ(order.state, OrderState::kPlaced);
  EXPECT_EQ(order.version, 2);
  EXPECT_EQ(order.lines[0].wallet_amount, D("8000"));
  EXPECT_EQ(order.lines[0].billed_net(), D("72000"));
  EXPECT_EQ(order.lines[0].net_amount, D("80000"));
  EXPECT_THAT(Apply({Told()}), IsEmpty());
  EXPECT_EQ(Get("draft").version, 1);
  EXPECT_EQ(Get("given-up").version, 1);

  // What is confirmed of it counts as it is billed.
  order.version = 3;
  order.state = OrderState::kPartConfirmed;
  order.lines[0].confirmed = D("90");
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return OrderStore().Update(sql, order); }));
  const auto open = [&] {
    return Read<std::vector<ExposureTerm>>(
        [&](mysql::Transaction& sql) { return OrderStore().OpenOf(sql, "acme", "CNY"); });
  };
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open().front().amount, D("64800"));

  // A hold that is released backs nothing.
  EXPECT_THAT(Apply({Told("8000")}), ElementsAre("1 held"));
  EXPECT_EQ(Get("o1").lines[0].wallet_amount, Decimal());
  EXPECT_EQ(open().front().amount, D("72000"));
}

TEST_F(WalletFeedStoreTest, AHoldOfAnotherOrderHoldsIt) {
  Insert(New("o1", OrderState::kPendingFunds));
  EXPECT_THAT(Apply({Told("0", "another")}), ElementsAre("1 held"));
  EXPECT_EQ(Get("o1").state, OrderState::kOnHold);
}

TEST_F(WalletFeedStoreTest, LimitsAreKeptAsToldLast) {
  const auto limit = [&] {
    return Read<std::optional<Decimal>>(
        [&](mysql::Transaction& sql) { return WalletHoldStore().LimitOf(sql, "acme", "CNY"); });
  };
  const auto tell = [&](const char* share) {
    tributary::incentive::v1::Wallet wallet;
    wallet.set_name("partners/acme/wallets/CNY");
    if (*share != '\0') wallet.mutable_price_share_limit()->set_value(share);
    Apply({{.verb = "updated",
            .name = wallet.name(),
            .type = wallet.GetDescriptor()->full_name(),
            .payload = wallet.SerializeAsString()}});
  };
  EXPECT_EQ(limit(), std::nullopt);
  tell("0.1");
  EXPECT_EQ(limit(), D("0.1"));
  tell("0");
  EXPECT_EQ(limit(), D("0"));
  tell("");
  EXPECT_EQ(limit(), std::nullopt);
}

}  // namespace
}  // namespace tributary::inventory
