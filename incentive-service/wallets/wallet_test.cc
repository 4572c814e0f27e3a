#include "incentive-service/wallets/wallet.h"

#include "incentive-service/opening_balances/opening_balance.h"
#include "incentive-service/wallets/testing_wallets.h"

namespace tributary::incentive {
namespace {

using ::testing::HasSubstr;

// A wallet, and what is done to it day by day.
class WalletDecisionTest : public ::testing::Test {
 protected:
  absl::Status Take(absl::StatusOr<WalletChange> change) {
    if (!change.ok()) return change.status();
    for (const WalletEntry& entry : change->entries) {
      int64_t sum = 0;
      for (const WalletLeg& leg : entry.legs) sum += leg.amount;
      EXPECT_EQ(sum, 0) << entry.cause;
    }
    if (change->hold.has_value()) hold_ = *change->hold;
    wallet_ = Stored(*change);
    return absl::OkStatus();
  }
  absl::Status AddLot(const Lot& lot, std::string_view day = "2026-01-01") {
    return Take(Credit(wallet_, lot, NoonOf(day)));
  }
  absl::Status Place(const WalletHold& hold, std::string_view day = "2026-04-01") {
    return Take(PlaceHold(wallet_, hold, NoonOf(day)));
  }
  absl::Status Use(std::optional<int64_t> amount, std::string_view day = "2026-04-02") {
    return Take(Capture(wallet_, hold_, amount, NoonOf(day)));
  }
  absl::Status GiveBack(std::optional<int64_t> amount, std::string_view day = "2026-04-21") {
    return Take(Release(wallet_, hold_, amount, NoonOf(day)));
  }

  Wallet wallet_ = EmptyWallet();
  WalletHold hold_;
};

// S2: the wallet of P2.
TEST_F(WalletDecisionTest, AHoldIsCapturedInPartsAndTheRestComesBackToItsLot) {
  ASSERT_OK(AddLot(LotOf("w2", 500000, "2026-12-31")));
  ASSERT_OK(AddLot(LotOf("w1", 300000, "2026-06-30")));
  EXPECT_EQ(Text(wallet_), "w1 300000+0 06-30, w2 500000+0 12-31; debt 0");
  ASSERT_OK(Place(HoldOf("h1", 800000)));
  EXPECT_EQ(Text(wallet_), "w1 0+300000 06-30, w2 0+500000 12-31; debt 0");
  EXPECT_EQ(wallet_.balance(), 800000);
  EXPECT_EQ(wallet_.available(), 0);
  ASSERT_OK(Use(720000));
  EXPECT_EQ(Text(hold_), "w1 300000-300000-0, w2 500000-420000-0");
  EXPECT_EQ(hold_.held(), 80000);
  EXPECT_EQ(hold_.state, HoldState::kHeld);
  ASSERT_OK(GiveBack(std::nullopt));
  EXPECT_EQ(hold_.state, HoldState::kCaptured);
  EXPECT_EQ(Text(wallet_), "w2 80000+0 12-31; debt 0");
}

TEST_F(WalletDecisionTest, LotsAreTakenByExpiryThenCreditDateThenId) {
  ASSERT_OK(AddLot(LotOf("d", 1, "2026-12-31", "2026-02-01")));
  ASSERT_OK(AddLot(LotOf("c", 1, "2026-12-31", "2026-01-01")));
  ASSERT_OK(AddLot(LotOf("b", 1, "2026-12-31", "2026-02-01")));
  ASSERT_OK(AddLot(LotOf("e", 1, "2026-06-30", "2026-03-01")));
  ASSERT_OK(Place(HoldOf("h1", 4)));
  EXPECT_EQ(Text(hold_), "e 1-0-0, c 1-0-0, b 1-0-0, d 1-0-0");
}

TEST_F(WalletDecisionTest, APartComesBackToTheLastLotFirst) {
  ASSERT_OK(AddLot(LotOf("w1", 30, "2026-06-30")));
  ASSERT_OK(AddLot(LotOf("w2", 50, "2026-12-31")));
  ASSERT_OK(Place(HoldOf("h1", 80)));
  ASSERT_OK(GiveBack(60));
  EXPECT_EQ(Text(wallet_), "w1 10+20 06-30, w2 50+0 12-31; debt 0");
  ASSERT_OK(GiveBack(20));
  EXPECT_EQ(hold_.state, HoldState::kReleased);
  EXPECT_EQ(Text(wallet_), "w1 30+0 06-30, w2 50+0 12-31; debt 0");
}

// The last day is a day on which it can be held; what is held lives on, and 30 days more once it is back.
TEST_F(WalletDecisionTest, HeldMoneyDoesNotExpire) {
  ASSERT_OK(AddLot(LotOf("w1", 100, "2026-06-30")));
  ASSERT_OK(Place(HoldOf("h1", 60), "2026-06-30"));
  EXPECT_EQ(AsOf(wallet_, *Date::Parse("2026-06-30")).available(), 40);
  EXPECT_EQ(AsOf(wallet_, *Date::Parse("2026-07-01")).available(), 0);
  EXPECT_EQ(AsOf(wallet_, *Date::Parse("2026-07-01")).balance(), 60);
  EXPECT_THAT(Place(HoldOf("h2", 1), "2026-07-01"), HasReason(Reason::kAllocationExceeds));
  ASSERT_OK(GiveBack(50, "2026-07-10"));
  EXPECT_EQ(Text(wallet_), "w1 0+10 06-30, w1~1 50+0 08-09; debt 0");
  ASSERT_OK(GiveBack(std::nullopt, "2026-07-11"));
  EXPECT_EQ(Text(wallet_), "w1~1 50+0 08-09, w1~2 10+0 08-10; debt 0");
  // Held and released again after that: it is still a lot of w1's.
  ASSERT_OK(Place(HoldOf("h3", 55), "2026-08-09"));
  ASSERT_OK(GiveBack(std::nullopt, "2026-09-01"));
  EXPECT_EQ(Text(wallet_), "w1~3 5+0 10-01, w1~4 50+0 10-01; debt 0");
  EXPECT_EQ(wallet_.lots[0].credit_date, *Date::Parse("2026-01-01"));
}

// S4: a clawback of 2,800 of a wallet of 2,000.
TEST_F(WalletDecisionTest, AClawbackAloneMakesTheBalanceNegative) {
  ASSERT_OK(AddLot(LotOf("w1", 200000, "2026-12-31")));
  ASSERT_OK(Take(ClawBack(wallet_, 280000, "remedies/r1", NoonOf("2026-07-01"))));
  EXPECT_EQ(wallet_.balance(), -80000);
  EXPECT_THAT(Place(HoldOf("h1", 1), "2026-07-01"), HasReason(Reason::kAllocationExceeds));
  ASSERT_OK(AddLot(LotOf("w2", 100000, "2026-12-31"), "2026-07-02"));
  EXPECT_EQ(Text(wallet_), "w2 20000+0 12-31; debt 0");
}

TEST_F(WalletDecisionTest, WhatComesBackPaysWhatIsOwed) {
  ASSERT_OK(AddLot(LotOf("w1", 100, "2026-12-31")));
  ASSERT_OK(Place(HoldOf("h1", 70)));
  ASSERT_OK(Take(ClawBack(wallet_, 80, "remedies/r1", NoonOf("2026-04-02"))));
  EXPECT_EQ(Text(wallet_), "w1 0+70 12-31; debt 50");
  EXPECT_EQ(wallet_.available(), -50);
  EXPECT_EQ(wallet_.balance(), 20);
  ASSERT_OK(GiveBack(30));
  EXPECT_EQ(Text(wallet_), "w1 0+40 12-31; debt 20");
  ASSERT_OK(GiveBack(std::nullopt));
  EXPECT_EQ(Text(wallet_), "w1 20+0 12-31; debt 0");
  // A lot that had expired before it came pays nothing.
  ASSERT_OK(Take(ClawBack(wallet_, 30, "remedies/r2", NoonOf("2026-05-01"))));
  ASSERT_OK(AddLot(LotOf("old", 500, "2026-04-30"), "2026-05-01"));
  EXPECT_EQ(Text(wallet_), "; debt 10");
}

TEST_F(WalletDecisionTest, Refusals) {
  EXPECT_THAT(AddLot(LotOf("w1", 0, "2026-06-30")), Blames("amount"));
  EXPECT_THAT(AddLot(LotOf("w1", kMostInWallet + 1, "2026-06-30")), HasReason(Reason::kOverflow));
  ASSERT_OK(AddLot(LotOf("w1", kMostInWallet, "2026-06-30")));
  EXPECT_THAT(AddLot(LotOf("w2", 1, "2026-06-30")), HasReason(Reason::kOverflow));
  wallet_ = EmptyWallet();
  ASSERT_OK(AddLot(LotOf("w1", 100, "2026-06-30")));
  EXPECT_THAT(AddLot(LotOf("w1", 1, "2026-06-30")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Take(ClawBack(wallet_, 0, "r", NoonOf("2026-04-01"))), Blames("amount"));
  EXPECT_THAT(Take(ClawBack(wallet_, kMostInWallet + 1, "r", NoonOf("2026-04-01"))), HasReason(Reason::kOverflow));

  EXPECT_THAT(Place(HoldOf("h", 0)), Blames("amount"));
  WalletHold hold = HoldOf("h", 101);
  hold.order.clear();
  EXPECT_THAT(Place(hold), Blames("order"));
  hold = HoldOf("h", 101, WalletUse::kCash);
  hold.order = "o1";
  EXPECT_THAT(Place(hold), Blames("order"));
  EXPECT_THAT(Place(HoldOf("h", 101)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("got 1.01 CNY, want at most 1.00 CNY")));

  ASSERT_OK(Place(HoldOf("h", 100)));
  EXPECT_THAT(Use(0), Blames("amount"));
  EXPECT_THAT(Use(101), HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(GiveBack(101), HasReason(Reason::kAllocationExceeds));
  ASSERT_OK(Use(std::nullopt));
  EXPECT_THAT(Use(1), HasReason(Reason::kStateConflict));
  EXPECT_THAT(GiveBack(std::nullopt), HasReason(Reason::kStateConflict));
}

// S2: 90 of 100 are shipped, and the rest is shipped, or canceled.
TEST(FollowOrderTest, AHoldGoesWhereItsOrderIs) {
  const absl::Time now = NoonOf("2026-04-02");
  Wallet wallet = EmptyWallet();
  for (const Lot& lot : {LotOf("w1", 3000, "2026-06-30"), LotOf("w2", 5000, "2026-12-31")}) {
    wallet = Stored(*Credit(wallet, lot, now));
  }
  WalletChange placed = *PlaceHold(wallet, HoldOf("h1", 8000), now);
  placed.wallet = Stored(placed);
  const WalletHold held = *placed.hold;
  const auto follow = [&](const WalletChange& before, int64_t used, OrderPhase phase = OrderPhase::kPlaced) {
    Wallet all = before.wallet;
    for (const Lot& lot : placed.wallet.lots) {
      const auto same = [&](const Lot& other) { return other.id == lot.id; };
      if (std::any_of(all.lots.begin(), all.lots.end(), same)) continue;
      all.lots.push_back(lot);
      all.lots.back().remaining = all.lots.back().held = 0;
    }
    std::sort(all.lots.begin(), all.lots.end(), TakenBefore);
    std::optional<WalletChange> change = FollowOrder(all, *before.hold, OrderOf(held, used, phase), now);
    if (change.has_value()) change->wallet = Stored(*change);
    return change;
  };
  EXPECT_FALSE(follow(placed, 7200, OrderPhase::kDraft).has_value());
  EXPECT_FALSE(follow(placed, 0).has_value());
  const WalletChange part = *follow(placed, 7200);
  EXPECT_EQ(Text(*part.hold), "w1 3000-3000-0, w2 5000-4200-0");
  EXPECT_EQ(Text(part.wallet), "w2 0+800 12-31; debt 0");
  EXPECT_FALSE(follow(part, 7200).has_value());  // told again
  const WalletChange whole = *follow(part, 8000);
  EXPECT_EQ(Text(whole.wallet), "; debt 0");
  EXPECT_EQ(whole.hold->state, HoldState::kCaptured);
  EXPECT_FALSE(follow(whole, 8000, OrderPhase::kCanceled).has_value());
  const WalletChange canceled = *follow(part, 7200, OrderPhase::kCanceled);
  EXPECT_EQ(Text(canceled.wallet), "w2 800+0 12-31; debt 0");
  EXPECT_EQ(Text(*canceled.hold), "w1 3000-3000-0, w2 5000-4200-800");
  EXPECT_EQ(canceled.hold->state, HoldState::kCaptured);
  EXPECT_FALSE(follow(canceled, 8000, OrderPhase::kCanceled).has_value());  // there is no more
  // The steps in one, and from all that came in between to where the order is.
  EXPECT_EQ(Text(follow(placed, 7200, OrderPhase::kCanceled)->wallet), Text(canceled.wallet));
  const WalletChange back = *follow(whole, 2000);
  EXPECT_EQ(Text(*back.hold), "w1 3000-2000-0, w2 5000-0-0");
  EXPECT_EQ(Text(back.wallet), "w1 0+1000 06-30, w2 0+5000 12-31; debt 0");
  EXPECT_EQ(back.hold->state, HoldState::kHeld);
  EXPECT_EQ(Text(follow(whole, 0, OrderPhase::kCanceled)->wallet), "w1 3000+0 06-30, w2 5000+0 12-31; debt 0");
  EXPECT_EQ(follow(whole, 0, OrderPhase::kCanceled)->hold->state, HoldState::kReleased);
}

TEST(FollowOrderTest, NobodyElseMovesTheHoldOfAPlacedOrder) {
  const WalletHold hold = HoldOf("h1", 1);
  OrderOfHold of_another = OrderOf(hold, 0);
  of_another.hold = "wallets/CNY/holds/h2";
  const struct {
    const char* what;
    std::optional<OrderOfHold> order;
    Reason moved, made;
  } kCases[] = {
      {"an order that was not told", {}, Reason::kUnspecified, Reason::kUnspecified},
      {"a draft", OrderOf(hold, 0, OrderPhase::kDraft), Reason::kUnspecified, Reason::kUnspecified},
      {"a placed one", OrderOf(hold, 0), Reason::kInUse, Reason::kUnspecified},
      {"a canceled one", OrderOf(hold, 0, OrderPhase::kCanceled), Reason::kUnspecified, Reason::kInvalidField},
      {"one that names another hold", of_another, Reason::kUnspecified, Reason::kUnspecified},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ReasonOf(CheckFree(hold, c.order, "release")), c.moved) << c.what;
    EXPECT_EQ(ReasonOf(CheckWanted(hold, c.order)), c.made) << c.what;
  }
}

TEST(FollowOrderTest, NobodyButItsPayoutMovesAHoldForCash) {
  EXPECT_THAT(CheckFree(HoldOf("h1", 1, WalletUse::kCash), {}, "capture"), HasReason(Reason::kInUse));
}

TEST(ReturnTest, GivesBackWhatWasUsedAndWhatIsHeld) {
  const absl::Time april = NoonOf("2026-04-01");
  WalletChange change = *Credit(EmptyWallet(), LotOf("w1", 3000, "2026-06-30"), april);
  change = *Credit(Stored(change), LotOf("w2", 5000, "2026-12-31"), april);
  change = *PlaceHold(Stored(change), HoldOf("h1", 4000, WalletUse::kCash), april);
  const WalletChange part = *Capture(change.wallet, *change.hold, 3500, april);
  const WalletChange back = *Return(part.wallet, *part.hold, april);
  EXPECT_EQ(Text(back.wallet), "w1 3000+0 06-30, w2 5000+0 12-31; debt 0");
  EXPECT_EQ(Text(*back.hold), "w1 3000-0-3000, w2 1000-0-1000");
  EXPECT_EQ(back.hold->state, HoldState::kReleased);
  // A month after the last day of w1 what came from it lives for 30 days more.
  const WalletChange late = *Return(part.wallet, *part.hold, NoonOf("2026-07-31"));
  EXPECT_EQ(Text(Stored(late)), "w1~1 3000+0 08-30, w2 5000+0 12-31; debt 0");
  EXPECT_THAT(Return(back.wallet, *back.hold, april), HasReason(Reason::kStateConflict));
}

TEST(OpeningBalanceTest, WhatIsMalformedIsNamedInOrder) {
  OpeningBalance balance{.partner = "p2", .id = "b1", .date = *Date::Parse("2026-03-31"), .currency = "CNY"};
  balance.lots = {LotOf("w1", 1, "2026-06-30"), LotOf("w2", 1, "2026-01-01", "2026-03-31")};
  EXPECT_TRUE(CheckOpeningBalance(balance, *Date::Parse("2026-03-31"), "b").empty());
  balance.lots = {LotOf("w1", 1, "2026-06-30"), LotOf("w1", 0, "2026-06-30", "2026-04-01")};
  std::vector<std::string> fields;
  for (const FieldViolation& one : CheckOpeningBalance(balance, *Date::Parse("2026-03-30"), "b")) {
    fields.push_back(one.field);
  }
  EXPECT_THAT(fields, ::testing::ElementsAre("b.date", "b.wallet_lots[1].lot", "b.wallet_lots[1].amount",
                                             "b.wallet_lots[1].credit_date"));
}

}  // namespace
}  // namespace tributary::incentive
