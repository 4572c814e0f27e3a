// What must hold of a wallet after every history of credits, holds, captures, releases, clawbacks and days that pass.

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "incentive-service/wallets/testing_wallets.h"

namespace tributary::incentive {
namespace {

class WalletPropertyTest : public ::testing::Test {
 protected:
  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  absl::Time Now() const { return absl::FromUnixSeconds(int64_t{today_.days()} * 86400 + 7); }

  void Begin() {
    today_ = *Date::Parse("2026-01-01");
    wallet_ = EmptyWallet();
    holds_.clear();
    emptied_.clear();
    booked_.clear();
    lots_made_ = 0;
  }

  // Stores a change: books its entries and looks at all that must hold.
  void Take(const WalletChange& change) {
    for (const WalletEntry& entry : change.entries) {
      int64_t sum = 0;
      for (const WalletLeg& leg : entry.legs) {
        sum += leg.amount;
        booked_[{leg.account, leg.lot}] += leg.amount;
      }
      ASSERT_EQ(sum, 0);
    }
    for (Lot lot : change.wallet.lots) {
      lot.remaining = lot.held = 0;
      emptied_.insert_or_assign(lot.id, lot);
    }
    wallet_ = Stored(change);
    if (change.hold.has_value()) holds_[change.hold->id] = *change.hold;
    Check();
  }

  void Check() {
    std::map<std::string, int64_t> held;
    for (const auto& [id, hold] : holds_) {
      for (const HoldPart& part : hold.parts) {
        ASSERT_GE(part.held(), 0);
        held[part.lot] += part.held();
      }
      ASSERT_EQ(hold.state == HoldState::kHeld, hold.held() > 0);
    }
    auto booked = booked_;
    for (const Lot& lot : wallet_.lots) {
      ASSERT_GE(lot.remaining, 0);
      ASSERT_EQ(lot.held, held[lot.id]);
      booked[{WalletAccount::kAvailable, lot.id}] -= lot.remaining;
      booked[{WalletAccount::kHeld, lot.id}] -= lot.held;
      // While something is owed nothing is left to be taken.
      if (wallet_.debt > 0) {
        ASSERT_EQ(lot.remaining, 0);
      }
    }
    booked[{WalletAccount::kAvailable, ""}] += wallet_.debt;
    int64_t outside = 0;
    for (const auto& [account, amount] : booked) {
      if (account.first == WalletAccount::kAvailable || account.first == WalletAccount::kHeld) {
        ASSERT_EQ(amount, 0) << account.second;
      } else {
        outside += amount;
      }
    }
    ASSERT_EQ(wallet_.balance(), -outside);
    ASSERT_TRUE(std::is_sorted(wallet_.lots.begin(), wallet_.lots.end(), [](const Lot& a, const Lot& b) {
      return std::tie(a.expires_on, a.credit_date, a.id) < std::tie(b.expires_on, b.credit_date, b.id);
    }));
  }

  void AddLot() {
    Lot lot = LotOf(StrCat("w", ++lots_made_), Pick(1, 1000), "2026-01-01");
    lot.credit_date = today_.AddDays(static_cast<int>(Pick(-3, 0)));
    lot.expires_on = today_.AddDays(static_cast<int>(Pick(-2, 60)));
    const int64_t debt = wallet_.debt;
    ASSERT_OK_AND_ASSIGN(const WalletChange change, Credit(wallet_, lot, Now()));
    Take(change);
    ASSERT_LE(wallet_.debt, debt);
  }

  void Place() {
    const Wallet before = AsOf(wallet_, today_);
    const int64_t amount = Pick(1, 1500);
    const auto placed = PlaceHold(wallet_, HoldOf(StrCat("h", holds_.size()), amount), Now());
    ASSERT_EQ(placed.ok(), amount <= before.available()) << amount << " of " << before.available();
    if (!placed.ok()) return;
    // Every lot before the last taken is taken whole.
    const WalletHold& hold = *placed->hold;
    for (size_t i = 0; i < hold.parts.size(); ++i) {
      ASSERT_EQ(hold.parts[i].lot, before.lots.at(IndexOf(before, i)).id);
      if (i + 1 < hold.parts.size()) {
        ASSERT_EQ(hold.parts[i].amount, before.lots.at(IndexOf(before, i)).remaining);
      }
    }
    Take(*placed);
    ASSERT_GE(wallet_.available(), 0);
    if (Pick(0, 3) != 0) return;
    // Given back on the same day, the wallet is as if the hold had not been.
    ASSERT_OK_AND_ASSIGN(const WalletChange released, Release(wallet_, hold, std::nullopt, Now()));
    Take(released);
    ASSERT_EQ(wallet_.lots, before.lots);
  }
  // Of the lots with something remaining, the index of the nth.
  static size_t IndexOf(const Wallet& wallet, size_t nth) {
    for (size_t i = 0; i < wallet.lots.size(); ++i) {
      if (wallet.lots[i].remaining > 0 && nth-- == 0) return i;
    }
    return wallet.lots.size();
  }

  void End(bool capture) {
    if (holds_.empty()) return;
    auto at = holds_.begin();
    std::advance(at, Pick(0, static_cast<int64_t>(holds_.size()) - 1));
    const WalletHold hold = at->second;
    std::optional<int64_t> amount;
    if (Pick(0, 1) == 0) amount = Pick(1, hold.held() + 2);
    const Wallet before = AsOf(wallet_, today_);
    const auto change = capture ? Capture(wallet_, hold, amount, Now()) : Release(wallet_, hold, amount, Now());
    ASSERT_EQ(change.ok(), hold.held() > 0 && amount.value_or(1) <= hold.held());
    if (!change.ok()) return;
    Take(*change);
    const int64_t moved = amount.value_or(hold.held());
    ASSERT_EQ(wallet_.balance(), before.balance() - (capture ? moved : 0));
    ASSERT_EQ(wallet_.available(), before.available() + (capture ? 0 : moved));
    for (const Lot& lot : wallet_.lots) {
      if (lot.expires_on < today_) {
        ASSERT_EQ(lot.remaining, 0);
      }
      const bool made_now = change->wallet.splits > before.splits && lot.remaining == lot.amount &&
                            lot.id.ends_with(StrCat("~", change->wallet.splits));
      if (made_now) {
        ASSERT_EQ(lot.expires_on, today_.AddDays(kDaysAfterExpiry));
      }
    }
  }

  // An order is somewhere, wherever the hold was left.
  void Follow() {
    if (holds_.empty()) return;
    auto at = holds_.begin();
    std::advance(at, Pick(0, static_cast<int64_t>(holds_.size()) - 1));
    const WalletHold before = at->second;
    const auto phase = Pick(0, 2) == 0 ? OrderPhase::kCanceled : OrderPhase::kPlaced;
    const OrderOfHold order = OrderOf(before, Pick(0, before.amount), phase);
    Wallet all = wallet_;
    for (const HoldPart& part : before.parts) {
      const auto same = [&](const Lot& lot) { return lot.id == part.lot; };
      if (std::none_of(all.lots.begin(), all.lots.end(), same)) all.lots.push_back(emptied_.at(part.lot));
    }
    std::sort(all.lots.begin(), all.lots.end(), TakenBefore);
    const auto change = FollowOrder(all, before, order, Now());
    const int64_t used = std::min(order.used, before.amount - before.released());
    const bool moves =
        used != before.captured() || (phase == OrderPhase::kCanceled && used < before.amount - before.released());
    ASSERT_EQ(change.has_value(), moves);
    if (!moves) return;
    Take(*change);
    ASSERT_EQ(change->hold->captured(), used);
    ASSERT_EQ(change->hold->held(), phase == OrderPhase::kCanceled ? 0 : before.amount - before.released() - used);
    restored_ += used < before.captured();
  }

  void TakeBack() {
    const Wallet before = AsOf(wallet_, today_);
    const int64_t amount = Pick(1, 1200);
    ASSERT_OK_AND_ASSIGN(const WalletChange change, ClawBack(wallet_, amount, "remedies/r", Now()));
    Take(change);
    ASSERT_EQ(wallet_.available(), before.available() - amount);
    ASSERT_EQ(wallet_.held(), before.held());
  }

  std::mt19937_64 random_{20261129};
  Date today_;
  Wallet wallet_;
  std::map<std::string, WalletHold> holds_;
  std::map<std::string, Lot> emptied_;  // every lot there was, with nothing in it
  int restored_ = 0;
  std::map<std::pair<WalletAccount, std::string>, int64_t> booked_;
  int lots_made_ = 0;
};

TEST_F(WalletPropertyTest, MoneyIsConservedThroughEveryHistory) {
  int negative = 0, late = 0;
  for (int history = 0; history < 10000; ++history) {
    SCOPED_TRACE(history);
    Begin();
    for (int step = 0; step < 30 && !HasFatalFailure(); ++step) {
      switch (Pick(0, 10)) {
        case 0:
        case 1:
          AddLot();
          break;
        case 2:
        case 3:
        case 4:
          Place();
          break;
        case 5:
          End(true);
          break;
        case 6:
          End(false);
          break;
        case 7:
          Follow();
          break;
        case 8:
          if (Pick(0, 2) == 0) TakeBack();
          break;
        default:
          today_ = today_.AddDays(static_cast<int>(Pick(1, 20)));
      }
    }
    if (HasFatalFailure()) return;
    negative += wallet_.balance() < 0;
    late += wallet_.splits > 0;
  }
  // The histories go where it matters.
  EXPECT_GT(negative, 100);
  EXPECT_GT(late, 100);
  EXPECT_GT(restored_, 100);
}

}  // namespace
}  // namespace tributary::incentive
