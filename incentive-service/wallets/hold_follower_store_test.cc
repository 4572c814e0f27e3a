// Holds follow their orders, on a real database.

#include <memory>
#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "incentive-service/testing_facts.h"
#include "incentive-service/wallets/hold_follower.h"
#include "incentive-service/wallets/testing_wallets.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/order.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using tributary::inventory::v1::DistributorOrder;

class HoldFollowerStoreTest : public ::testing::Test {
 protected:
  HoldFollowerStoreTest() {
    for (const Lot& lot : {LotOf("w1", 300000, "2026-06-30"), LotOf("w2", 500000, "2026-12-31")}) {
      InTransaction(*database_, [&](mysql::Transaction& sql) { return store_.Credit(sql, key_, lot, now_); });
    }
  }
  void Place(const std::string& id, int64_t amount) {
    WalletHold hold = HoldOf(id, amount);
    hold.uid = Uuid::New(now_);
    hold.create_time = hold.update_time = now_;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(Wallet wallet, store_.GetForUpdate(sql, key_));
      ASSIGN_OR_RETURN(const WalletChange change, PlaceHold(std::move(wallet), hold, now_));
      return store_.Save(sql, change);
    });
  }
  static events::Event Told(DistributorOrder::State state, int64_t used, const char* order = "o1",
                            const char* hold = "partners/p2/wallets/CNY/holds/h1", const char* currency = "CNY") {
    DistributorOrder message;
    message.set_name(StrCat("partners/p2/orders/", order));
    message.set_state(state);
    message.set_wallet_hold(hold);
    message.mutable_wallet_used_amount()->set_currency_code(currency);
    message.mutable_wallet_used_amount()->set_units(used);
    return {.name = message.name(), .type = std::string(kOrderType), .payload = message.SerializeAsString()};
  }
  // "1 captured" of what is told.
  std::vector<std::string> Apply(const std::vector<events::Event>& events) {
    std::vector<std::string> told;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      told.clear();
      events::Outbox outbox;
      RETURN_IF_ERROR(HoldFollower().Apply(sql, events, now_, outbox));
      for (const events::Told& one : outbox.Count()) told.push_back(StrCat(one.events, " ", one.verb));
      return absl::OkStatus();
    });
    return told;
  }
  std::string HoldText(const std::string& id) {
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const WalletHold hold, store_.GetHold(sql, {key_, id}));
      text = Text(hold);
      return absl::OkStatus();
    });
    return text;
  }
  std::string WalletText() {
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const Wallet wallet, store_.Get(sql, key_));
      text = Text(wallet);
      ASSIGN_OR_RETURN(const int64_t mismatches, store_.Mismatches(sql));
      EXPECT_EQ(mismatches, 0);
      return absl::OkStatus();
    });
    return text;
  }
  std::optional<OrderOfHold> OrderOfHoldOf(const std::string& id) {
    std::optional<OrderOfHold> order;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(order, store_.OrderOf(sql, HoldOf(id, 1)));
      return absl::OkStatus();
    });
    return order;
  }

  const WalletKey key_{"p2", "CNY"};
  const absl::Time now_ = NoonOf("2026-04-01");
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  WalletStore store_;
};

TEST_F(HoldFollowerStoreTest, WhatIsShippedIsCapturedOnce) {
  EXPECT_THAT(Apply({Told(DistributorOrder::PENDING_FUNDS, 0)}), IsEmpty());  // it is told before the hold is there
  Place("h1", 800000);
  EXPECT_THAT(Apply({Told(DistributorOrder::DRAFT, 7200)}), IsEmpty());
  EXPECT_THAT(Apply({Told(DistributorOrder::ON_HOLD, 7200), Told(DistributorOrder::ON_HOLD, 7200)}),
              ElementsAre("1 captured"));
  EXPECT_EQ(HoldText("h1"), "w1 300000-300000-0, w2 500000-420000-0");
  EXPECT_THAT(Apply({Told(DistributorOrder::ON_HOLD, 7200)}), IsEmpty());
  // W1 has nothing in it any more, and has it again.
  EXPECT_THAT(Apply({Told(DistributorOrder::ON_HOLD, 2000)}), ElementsAre("1 restored"));
  EXPECT_EQ(WalletText(), "w1 0+100000 06-30, w2 0+500000 12-31; debt 0");
  EXPECT_THAT(Apply({Told(DistributorOrder::ON_HOLD, 7200), Told(DistributorOrder::CANCELED, 7200)}),
              ElementsAre("1 captured", "1 released"));
  EXPECT_EQ(WalletText(), "w2 80000+0 12-31; debt 0");
  EXPECT_THAT(Apply({Told(DistributorOrder::CANCELED, 7200)}), IsEmpty());
  EXPECT_EQ(WalletText(), "w2 80000+0 12-31; debt 0");
}

TEST_F(HoldFollowerStoreTest, OnlyItsOwnOrderMovesAHold) {
  Place("h1", 800000);
  EXPECT_THAT(Apply({Told(DistributorOrder::PLACED, 100, "o2"),
                     Told(DistributorOrder::CANCELED, 0, "o1", "partners/p2/wallets/CNY/holds/h2"),
                     Told(DistributorOrder::CANCELED, 0, "o1", "partners/p2/wallets/EUR/holds/h1"),
                     Told(DistributorOrder::PLACED, 100, "o1", "partners/p2/wallets/CNY/holds/h1", "USD")}),
              IsEmpty());
  EXPECT_EQ(HoldText("h1"), "w1 300000-0-0, w2 500000-0-0");
}

TEST_F(HoldFollowerStoreTest, OrdersAreKnownByWhatTheyNameLast) {
  EXPECT_FALSE(OrderOfHoldOf("h1").has_value());
  Apply({Told(DistributorOrder::PLACED, 0)});
  ASSERT_TRUE(OrderOfHoldOf("h1").has_value());
  EXPECT_EQ(OrderOfHoldOf("h1")->phase, OrderPhase::kPlaced);
  EXPECT_EQ(OrderOfHoldOf("h1")->hold, "wallets/CNY/holds/h1");
  Apply({Told(DistributorOrder::CANCELED, 0)});
  EXPECT_EQ(OrderOfHoldOf("h1")->phase, OrderPhase::kCanceled);
  Apply({Told(DistributorOrder::DRAFT, 0)});
  EXPECT_EQ(OrderOfHoldOf("h1")->phase, OrderPhase::kDraft);
  Apply({Told(DistributorOrder::DRAFT, 0, "o1", "")});
  EXPECT_FALSE(OrderOfHoldOf("h1").has_value());
  events::Event broken = Told(DistributorOrder::PLACED, 0);
  broken.payload = "\xff";
  EXPECT_THAT(database_->Transact({},
                                  [&](mysql::Transaction& sql) {
                                    events::Outbox outbox;
                                    return HoldFollower().Apply(sql, std::vector{broken}, now_, outbox);
                                  }),
              HasReason(Reason::kMalformedRequest));
}

}  // namespace
}  // namespace tributary::incentive
